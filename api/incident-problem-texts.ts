/** What refusals about links, watchers and major incidents say. */
import { entry } from './problem-text.ts'

export const incidentCatalogue = {
  notInCommand: entry(
    ['Réservé à la conduite', 'Seuls un responsable, ou qui tient ce rôle dans {number}, passent la main.', 'Demandez à l’un d’eux.'],
    ['For those in command', 'Only a manager, or whoever has this role in {number}, hands over.', 'Ask one of them.'],
  ),
  notAnAgent: entry(
    ['Personne sans ce rôle', '{name} n’est pas un agent actif : ses tâches ne pourraient pas lui être confiées.', 'Choisissez un agent.'],
    ['Not an agent', '{name} is no active agent: the tasks could not go to them.', 'Choose an agent.'],
  ),
  hasCommand: entry(
    ['Déjà à cette place', '{name} tient déjà ce rôle.', 'Choisissez quelqu’un d’autre.'],
    ['In that place already', '{name} has this role already.', 'Choose somebody else.'],
  ),
  linkToSelf: entry(
    ['Un ticket ne se lie pas à lui-même', '{from} est le ticket lui-même.', 'Choisissez un autre ticket.'],
    ['A ticket is not linked to itself', '{from} is the ticket itself.', 'Choose another ticket.'],
  ),
  linkKindMismatch: entry(
    [
      'Ce lien ne va pas vers ce type de ticket',
      '{to} n’est pas du type qu’il faut pour ce lien avec {from}.',
      'Une cause est un problème ou un changement, une résolution un changement, un doublon un ticket du même type.',
    ],
    [
      'This link does not lead to this kind of ticket',
      '{to} is not of the kind that this link with {from} needs.',
      'A cause is a problem or a change, a resolution is a change, a duplicate is a ticket of the same kind.',
    ],
  ),
  linkCycle: entry(
    ['Le lien tournerait en rond', '{to} dépend déjà de {from}.', 'Retirez d’abord le lien inverse, ou liez dans l’autre sens.'],
    ['The link would go in a circle', '{to} already depends on {from}.', 'Remove the opposite link first, or link the other way round.'],
  ),
  alreadyLinked: entry(
    ['Lien déjà posé', '{from} et {to} sont déjà liés ainsi.', 'Rien à faire.'],
    ['Already linked', '{from} and {to} are linked like this already.', 'There is nothing to do.'],
  ),
  hasParent: entry(
    ['Le ticket a déjà un parent', '{from} dépend déjà d’un autre ticket.', 'Retirez d’abord son lien avec son parent.'],
    ['The ticket has a parent already', '{from} is the child of another ticket.', 'Remove the link to its parent first.'],
  ),
  alreadyDuplicate: entry(
    ['Déjà un doublon', '{from} est déjà le doublon d’un autre ticket.', 'Retirez d’abord ce lien.'],
    ['A duplicate already', '{from} is the duplicate of another ticket already.', 'Remove that link first.'],
  ),
  unknownLink: entry(
    ['Lien introuvable', 'Ce lien n’existe pas, ou a été retiré.', 'Rechargez le ticket.'],
    ['Link not found', 'This link does not exist, or has been removed.', 'Reload the ticket.'],
  ),
  unknownWatcher: entry(
    ['Abonné introuvable', 'Cette personne ne suit pas le ticket.', 'Rechargez le ticket.'],
    ['Not a watcher', 'This person does not watch the ticket.', 'Reload the ticket.'],
  ),
  notAnIncident: entry(
    ['Ce n’est pas un incident', '{number} ne peut pas être proposé comme incident majeur.', 'Proposez un incident ouvert.'],
    ['Not an incident', '{number} cannot be proposed as a major incident.', 'Propose an open incident.'],
  ),
  underMajor: entry(
    ['Déjà rattaché à un incident majeur', '{number} est rattaché à {major}.', 'Suivez {major}.'],
    ['Under a major incident already', '{number} is attached to {major}.', 'Follow {major}.'],
  ),
  majorOfService: entry(
    [
      'Un incident majeur est ouvert sur ce service',
      '{major} porte déjà sur le service de {number}.',
      'Rattachez {number} à {major} par un lien « enfant de ».',
    ],
    [
      'A major incident is open over this service',
      '{major} is about the service of {number} already.',
      'Link {number} to {major} as its child.',
    ],
  ),
  majorNotFound: entry(
    ['Incident majeur introuvable', '« {number} » n’est pas un incident majeur connu du public.', 'Rechargez la page d’état.'],
    ['Major incident not found', '“{number}” is no major incident that the public knows of.', 'Reload the status page.'],
  ),
  majorOver: entry(
    ['L’incident majeur est terminé', '{number} est terminé.', 'Si cela vous touche encore, signalez un incident.'],
    ['The major incident is over', '{number} is over.', 'If you are still affected, report an incident.'],
  ),
}
