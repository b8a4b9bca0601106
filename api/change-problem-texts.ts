/** What refusals about changes say; `change.<code>` is said at a field. */
import { entry } from './problem-text.ts'

const at = (fr: string, en: string) => entry([fr], [en])

export const changeCatalogue = {
  changeRefused: entry(
    ['Changement refusé', undefined, 'Corrigez les champs signalés, puis envoyez à nouveau.'],
    ['Change refused', undefined, 'Correct the fields that are marked, then send again.'],
  ),
  changeRecordRefused: entry(
    ['Enregistrement refusé', undefined, 'Corrigez les champs signalés, puis enregistrez à nouveau.'],
    ['Not saved', undefined, 'Correct the fields that are marked, then save again.'],
  ),
  changeRecordNotFound: entry(
    ['Introuvable', 'Cet enregistrement n’existe pas ou plus.', 'Revenez à la liste.'],
    ['Not found', 'This record does not exist (any more).', 'Go back to the list.'],
  ),
  changeRecordConflict: entry(
    ['Modifié entre-temps', 'Quelqu’un l’a enregistré depuis que vous l’avez ouvert.', 'Rechargez, vérifiez, puis enregistrez à nouveau.'],
    ['Changed meanwhile', 'Somebody saved it since you opened it.', 'Reload, check, then save again.'],
  ),
  notAChange: entry(
    ['Pas un changement', 'Le ticket « {id} » n’est pas un changement.', 'Ouvrez-le depuis la file.'],
    ['Not a change', 'Ticket “{id}” is not a change.', 'Open it from the queue.'],
  ),
  changePlanFixed: entry(
    ['Plan figé', 'La mise en œuvre a commencé : le plan ne se modifie plus.', 'Notez l’écart dans la revue.'],
    ['The plan stands', 'Implementation has begun: the plan cannot be edited any more.', 'Note the difference in the review.'],
  ),
  templateWithdrawn: entry(
    ['Modèle retiré', 'Le modèle « {name} » a été retiré après des échecs.', 'Demandez un changement normal, ou faites réviser le modèle.'],
    ['Template withdrawn', 'Template “{name}” was withdrawn after failures.', 'Raise a normal change, or have the template revised.'],
  ),
  templateInUse: entry(
    ['Modèle utilisé', '{count} changement(s) ouvert(s) suivent ce modèle.', 'Retirez-le plutôt, ou attendez qu’ils soient clos.'],
    ['Template in use', '{count} open change(s) follow this template.', 'Withdraw it instead, or wait until they are closed.'],
  ),
  meetingOver: entry(
    ['Séance terminée', 'Cette séance est tenue ou annulée.', 'Portez le changement à la prochaine séance.'],
    ['Meeting over', 'This meeting was held or canceled.', 'Take the change to the next meeting.'],
  ),
  notChair: entry(
    ['Réservé au président', 'Seul le président de la séance consigne ses décisions.', 'Votez dans vos tâches, ou demandez-lui.'],
    ['For the chair', 'Only the chair of the meeting records its decisions.', 'Vote in your tasks, or ask the chair.'],
  ),
  notWaitingForBoard: entry(
    ['Déjà décidé', 'Ce changement n’attend plus le CAB.', 'Rechargez l’ordre du jour.'],
    ['Decided already', 'This change no longer waits for the CAB.', 'Reload the agenda.'],
  ),
  'change.unknownTimeZone': at(
    'Fuseau horaire inconnu : écrivez-le comme Europe/Paris.',
    'Unknown time zone: write one like Europe/Paris.',
  ),
  'change.noSuchDay': at('Cette date n’existe pas.', 'There is no such day.'),
  'change.unreadableRule': at(
    'Répétition illisible : écrivez par exemple FREQ=WEEKLY;BYDAY=SA.',
    'Repetition cannot be read: write for instance FREQ=WEEKLY;BYDAY=SA.',
  ),
  'change.endsBeforeStart': at('La fin doit venir après le début.', 'The end must come after the start.'),
  'change.windowIsOver': at(
    'Cette fenêtre ne se produirait plus jamais : tout est passé.',
    'This window would never occur again: all of it is over.',
  ),
  'change.noFreeMoment': at(
    'Ce gel ne laisserait aucun moment libre pendant 90 jours : raccourcissez-le ou réduisez son périmètre.',
    'This blackout would leave no free moment for 90 days: shorten it, or narrow its scope.',
  ),
  'change.noSteps': at('Un modèle a au moins une étape.', 'A template has at least one step.'),
  'change.noBackoutPlan': at('Dites comment revenir en arrière.', 'Say how to go back.'),
  'change.tooRiskyForTemplate': at(
    'Un changement pré-approuvé est de risque faible ou modéré.',
    'A pre-approved change has a low or moderate risk.',
  ),
  'change.nameTaken': at('Un autre modèle porte ce nom.', 'Another template has this name.'),
  'change.quorumTooLarge': at('Le quorum dépasse le nombre de membres.', 'The quorum is larger than the number of members.'),
  'change.chairNotMember': at('Le président doit être l’un des membres.', 'The chair must be one of the members.'),
  'change.notMember': at('Une personne présente n’est pas membre de cette séance.', 'Somebody there is not a member of this meeting.'),
  'change.quorumNotReached': at(
    'Quorum non atteint : le demandeur et l’intervenant ne comptent pas pour leur propre changement.',
    'Quorum not reached: requester and implementer do not count for their own change.',
  ),
  'change.inThePast': at('Cette date est passée.', 'This is in the past.'),
  'change.spanTooLong': at('Pas plus de 62 jours à la fois.', 'Not more than 62 days at a time.'),
  'change.inTheFuture': at('Cette date est à venir.', 'This is in the future.'),
  'change.unauthorisedTitle': at('Changement constaté sans autorisation : {name}', 'Changed without authorisation: {name}'),
  'change.planIncomplete': at('Donnez le début et la fin, ou aucun des deux.', 'Give both the start and the end, or neither.'),
  'change.tooFarAhead': at('Pas plus d’un an à l’avance.', 'Not more than a year ahead.'),
  'change.personNotFound': at('Personne inconnue ou inactive.', 'Unknown or inactive person.'),
  'change.groupNotFound': at('Groupe inconnu.', 'Unknown group.'),
  'change.ciNotFound': at('Élément de configuration inconnu : {id}.', 'Unknown configuration item: {id}.'),
  'change.changeNotFound': at('Changement inconnu : {id}.', 'Unknown change: {id}.'),
  'change.dependsOnItself': at('Un changement ne dépend pas de lui-même.', 'A change does not depend on itself.'),
  'change.dependsInCircle': at(
    'Ces changements s’attendraient l’un l’autre : {id}. Retirez une dépendance.',
    'These changes would wait for one another: {id}. Take one dependency out.',
  ),
  'change.templateNeeded': at('Un changement standard suit un modèle.', 'A standard change follows a template.'),
  'change.templateNotFound': at('Modèle inconnu.', 'Unknown template.'),
}
