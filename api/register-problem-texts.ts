/** What the register's refusals say; `record.<code>` is said at a field. */
import { entry, type ProblemEntry } from './problem-text.ts'

const at = (fr: string, en: string) => entry([fr], [en])

export const registerCatalogue = {
  recordNotFound: entry(
    ['Fiche introuvable', '{noun} : il n’y a pas de fiche « {id} ».', 'Revenez à la liste : elle a pu être renommée.'],
    ['Record not found', '{noun}: there is no record “{id}”.', 'Go back to the list: it may have been renamed.'],
  ),
  recordConflict: entry(
    [
      'Modifié entre-temps',
      'Quelqu’un a enregistré cette fiche depuis que vous l’avez ouverte : {fields}.',
      'Rechargez la fiche, vérifiez ces champs, puis enregistrez à nouveau.',
    ],
    [
      'Changed meanwhile',
      'Somebody saved this record since you opened it: {fields}.',
      'Reload the record, check these fields, then save again.',
    ],
  ),
  recordRefused: entry(
    ['Fiche refusée', undefined, 'Corrigez les champs signalés, puis enregistrez à nouveau.'],
    ['Record refused', undefined, 'Correct the fields that are marked, then save again.'],
  ),
  csvEmpty: entry(
    ['Fichier vide', 'Le fichier n’a pas de ligne après ses titres.', 'Exportez-le à nouveau, titres compris.'],
    ['Empty file', 'The file has no row after its headers.', 'Export it again, with its headers.'],
  ),
  csvBroken: entry(
    ['Fichier illisible', 'Ce n’est pas du CSV : {reason}', 'Enregistrez le tableau en CSV (séparateur point-virgule ou virgule).'],
    ['Unreadable file', 'This is not CSV: {reason}', 'Save the sheet as CSV (separated by semicolon or comma).'],
  ),
  csvTooLong: entry(
    ['Fichier trop long', '{found} lignes, {limit} au plus.', 'Coupez le fichier en plusieurs.'],
    ['File too long', '{found} rows, {limit} at most.', 'Cut the file into several.'],
  ),
  csvNoKey: entry(
    [
      'Colonne manquante',
      'Sans la colonne {fields}, on ne sait pas de quelle fiche parle une ligne.',
      'Ajoutez-la, ou dites quelle colonne la contient.',
    ],
    ['Column missing', 'Without the column {fields} one cannot tell which record a row is about.', 'Add it, or say which column holds it.'],
  ),
  'record.required': at('À remplir.', 'Fill this in.'),
  'record.unknownField': at('Il n’y a pas de champ « {name} ».', 'There is no field “{name}”.'),
  'record.unknownReference': at(
    '« {value} » est inconnu ou archivé : choisissez dans la liste.',
    '“{value}” is unknown or archived: choose from the list.',
  ),
  'record.ambiguousReference': at(
    '« {value} » désigne plusieurs fiches : donnez le code ou l’adresse.',
    '“{value}” names several records: give the code or the address.',
  ),
  'record.keyTaken': at(
    'Une autre fiche porte déjà cette valeur : modifiez-la plutôt.',
    'Another record has this value already: change that one.',
  ),
  'record.fieldFixed': at(
    'Ne se change pas après la création : archivez cette fiche et créez-en une autre.',
    'Cannot be changed once created: archive this record and add another.',
  ),
  'record.notAChoice': at('« {value} » n’est pas un choix possible : {expected}.', '“{value}” is not one of the choices: {expected}.'),
  'record.notADate': at('« {value} » n’est pas une date comme 2026-03-31.', '“{value}” is not a date such as 2026-03-31.'),
  'record.notANumber': at('« {value} » n’est pas un nombre.', '“{value}” is not a number.'),
  'record.notYesNo': at('« {value} » n’est ni oui ni non.', '“{value}” is neither yes nor no.'),
  'record.duplicateRow': at('La ligne {line} parle déjà de cette fiche : gardez-en une.', 'Row {line} is about the same record: keep one.'),
  'record.rowArchived': at('La fiche est archivée : rétablissez-la d’abord.', 'The record is archived: bring it back first.'),
  'record.changedMeanwhile': at(
    'Quelqu’un vient de modifier cette fiche : importez à nouveau.',
    'Somebody has just changed this record: import again.',
  ),
  'record.invalid_format': at('Le format ne convient pas : {value}.', 'Not the right format: {value}.'),
  'record.tooSmall': at('Au moins {min}.', 'At least {min}.'),
  'record.tooLarge.number': at('Au plus {max}.', 'At most {max}.'),
  'record.unknownTimeZone': at(
    '« {value} » n’est pas un fuseau tel que Europe/Paris.',
    '“{value}” is not a time zone such as Europe/Paris.',
  ),
  'record.relationToItself': at('Un élément ne peut pas s’appuyer sur lui-même.', 'An item cannot rely on itself.'),
  'record.referenceCircle': at(
    'Cela tourne en rond : cette fiche se trouverait au-dessus d’elle-même. Choisissez-en une autre.',
    'This goes round in a circle: the record would stand above itself. Choose another.',
  ),
  'record.endsBeforeStart': at(
    'Se termine avant de commencer : la fin doit suivre le début.',
    'Ends before it starts: the end must follow the start.',
  ),
  'record.noticeBeyondTerm': at(
    'Le préavis est plus long que le contrat : il faudrait résilier avant le début.',
    'The notice is longer than the contract: one would have to give notice before it starts.',
  ),
  'record.leadBeyondTerm': at(
    'L’avertissement viendrait avant le début de la licence : réduisez ce délai.',
    'The warning would come before the licence starts: shorten this lead.',
  ),
  'record.endNeeded': at('Une décision porte sur une échéance : donnez-la.', 'A decision is about an end: give it.'),
  'record.seatsNotFewer': at('Réduire, c’est moins que les {seats} droits d’aujourd’hui.', 'Reducing means fewer than today’s {seats}.'),
  'record.reasonNeeded': at('Conserver une licence inutilisée demande un motif.', 'Keeping an unused licence needs a reason.'),
  'record.resolutionBeforeResponse': at(
    'La résolution serait promise avant la prise en charge.',
    'The resolution would be promised before the response.',
  ),
  'record.warrantyBeforePurchase': at('La garantie finirait avant l’achat.', 'The warranty would end before the purchase.'),
  'record.statusStep': at('Le statut ne passe pas de « {from} » à « {to} ».', 'The status does not go from “{from}” to “{to}”.'),
  'record.holderNeeded': at('Un matériel affecté a un détenteur.', 'Equipment that is assigned has a holder.'),
  'record.renewalNeeded': at(
    'Un contrat à tacite reconduction a une durée de reconduction.',
    'A contract renewed tacitly has a renewal term.',
  ),
  'record.personOrCi': at('Donnez la personne ou l’élément sur lequel c’est installé.', 'Give the person or the item that has it.'),
  'record.usedBeforeInstalled': at('Utilisé avant d’être installé.', 'Used before it was installed.'),
  'record.ownManager': at('Personne n’est son propre responsable.', 'Nobody is his own manager.'),
  'record.noMembers': at('Une astreinte a au moins un membre.', 'A rotation has at least one member.'),
  'record.weekdayNeeded': at('Un relais hebdomadaire a lieu un jour donné.', 'A weekly handover is on a given day.'),
  'record.coverageHalf': at('Donnez les deux heures, ou aucune pour la journée entière.', 'Give both times, or none for the whole day.'),
  'record.emptySpan': at('Cette plage est vide : les deux heures sont les mêmes.', 'This span is empty: both times are the same.'),
} satisfies Record<string, ProblemEntry>
