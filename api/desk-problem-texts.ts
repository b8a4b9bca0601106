import { entry, type ProblemEntry } from './problem-text.ts'

/** Desks, interactions and calls. */
export const deskCatalogue = {
  deskNotFound: entry(
    ['Centre introuvable', 'Aucun centre « {id} ».', 'Choisissez-en un dans la liste des centres.'],
    ['Desk not found', 'There is no desk “{id}”.', 'Choose one from the list of desks.'],
  ),
  deskExists: entry(
    ['Identifiant déjà pris', 'Un centre « {id} » existe déjà.', 'Choisissez un autre identifiant.'],
    ['Identifier taken', 'There is a desk “{id}” already.', 'Choose another identifier.'],
  ),
  deskInactive: entry(
    ['Centre fermé', 'Le centre « {desk} » ne prend plus rien.', 'Choisissez un autre centre.'],
    ['Desk closed', 'The desk “{desk}” takes nothing any more.', 'Choose another desk.'],
  ),
  kindNotOfDeskType: entry(
    ['Type de ticket refusé', 'Un centre de type « {type} » ne traite pas de ticket « {value} ».', 'Ouvrez-le au centre de services IT.'],
    ['Kind of ticket refused', 'A desk of type “{type}” has no tickets of kind “{value}”.', 'Open it at the IT service desk.'],
  ),
  kindNotOfDesk: entry(
    [
      'Type de ticket refusé',
      'Le centre « {desk} » ne traite pas de ticket « {value} ».',
      'Choisissez un autre centre, ou demandez à un administrateur de l’autoriser.',
    ],
    [
      'Kind of ticket refused',
      'The desk “{desk}” has no tickets of kind “{value}”.',
      'Choose another desk, or ask an administrator to permit it.',
    ],
  ),
  channelNotOfDeskType: entry(
    ['Canal refusé', 'Un centre de type « {type} » n’est pas joint par « {value} ».', 'Choisissez un autre canal ou un autre centre.'],
    ['Channel refused', 'A desk of type “{type}” is not reached by “{value}”.', 'Choose another channel or another desk.'],
  ),
  channelNotOfDesk: entry(
    [
      'Canal refusé',
      'Le centre « {desk} » n’est pas joint par « {value} ».',
      'Choisissez un canal de ce centre, ou demandez à un administrateur de l’ouvrir.',
    ],
    [
      'Channel refused',
      'The desk “{desk}” is not reached by “{value}”.',
      'Choose a channel of this desk, or ask an administrator to open it.',
    ],
  ),
  ciNotOfDesk: entry(
    [
      'Élément de configuration refusé',
      'Les tickets de ce type de centre ne portent pas d’élément de configuration.',
      'Retirez-le, ou transférez le ticket au centre de services IT.',
    ],
    [
      'Configuration item refused',
      'Tickets of this type of desk name no configuration item.',
      'Leave it out, or hand the ticket to the IT service desk.',
    ],
  ),
  onSiteNotOfDesk: entry(
    [
      'Intervention sur place refusée',
      'Un centre d’appel n’envoie personne sur place.',
      'Résolvez à distance, ou transférez le ticket à un autre centre.',
    ],
    ['On-site visit refused', 'A call centre sends nobody on site.', 'Solve it remotely, or hand the ticket to another desk.'],
  ),
  deskTypeFixed: entry(
    ['Type figé', 'Ce centre a des tickets : son type ne change plus.', 'Créez un autre centre, puis fermez celui-ci.'],
    ['Type fixed', 'This desk has tickets: its type does not change any more.', 'Set up another desk, then close this one.'],
  ),
  deskNeedsDefault: entry(
    ['Centre par défaut', 'Il faut un centre par défaut, et il est ouvert.', 'Faites d’abord d’un autre centre celui par défaut.'],
    ['Default desk', 'There must be a default desk, and it is open.', 'Make another desk the default one first.'],
  ),
  deskNotAllowedByType: entry(
    ['Réglage impossible', '« {value} » n’est pas permis à un centre de type « {type} ».', 'Retirez-le.'],
    ['Not possible', '“{value}” is not permitted for a desk of type “{type}”.', 'Leave it out.'],
  ),
  addressOfOtherDesk: entry(
    ['Adresse déjà prise', '« {value} » est déjà celle du centre « {desk} ».', 'Retirez-la d’abord de l’autre centre.'],
    ['Address already taken', '“{value}” already belongs to the desk “{desk}”.', 'Remove it from the other desk first.'],
  ),
  calendarNotFound: entry(
    ['Calendrier introuvable', 'Aucun calendrier « {id} » n’est déployé.', 'Choisissez-en un dans le studio.'],
    ['Calendar not found', 'No calendar “{id}” is deployed.', 'Choose one from the studio.'],
  ),
  interactionNotFound: entry(
    ['Interaction introuvable', 'Cette interaction n’existe pas, ou n’est pas de vos centres.', 'Rechargez la liste.'],
    ['Interaction not found', 'This interaction does not exist, or is not of your desks.', 'Reload the list.'],
  ),
  interactionIsTicket: entry(
    ['Déjà un ticket', 'Cette interaction est devenue le ticket {number}.', 'Ouvrez le ticket.'],
    ['A ticket already', 'This interaction became the ticket {number}.', 'Open the ticket.'],
  ),
  requestByCatalogue: entry(
    [
      'Par le catalogue',
      'Au centre de services IT, une demande se commande dans le catalogue.',
      'Ouvrez le catalogue au nom de la personne, ou notez un incident.',
    ],
    [
      'By the catalogue',
      'At the IT service desk a request is ordered from the catalogue.',
      'Open the catalogue on the person’s behalf, or note an incident.',
    ],
  ),
  requesterNeeded: entry(
    ['Demandeur inconnu', 'Le numéro n’a pas été reconnu : dites qui c’était.', 'Choisissez la personne, ou ajoutez-la d’abord.'],
    ['Unknown requester', 'The number was not recognised: say who it was.', 'Choose the person, or add them first.'],
  ),
  notOfThisDesk: entry(
    [
      'Pas votre centre',
      'Vous ne travaillez pas au centre « {desk} ».',
      'Demandez à un administrateur d’ajouter un de vos groupes à ce centre.',
    ],
    ['Not your desk', 'You do not work at the desk “{desk}”.', 'Ask an administrator to add one of your groups to this desk.'],
  ),
  queueFull: entry(
    ['File pleine', 'Trop de visiteurs attendent déjà.', 'Adressez-vous directement à l’accueil.'],
    ['Queue full', 'Too many visitors are waiting already.', 'Speak to the counter directly.'],
  ),
  nobodyWaiting: entry(
    ['Personne n’attend', 'La file d’accueil de ce centre est vide.', 'Attendez qu’un visiteur prenne un numéro.'],
    ['Nobody is waiting', 'The walk-in queue of this desk is empty.', 'Wait until a visitor takes a number.'],
  ),
  kioskLinkInvalid: entry(
    [
      'Lien non valable',
      'Cette adresse de borne n’est pas valable, ou le centre ne reçoit plus.',
      'Demandez la bonne adresse à un administrateur.',
    ],
    [
      'Invalid link',
      'This kiosk address is not valid, or the desk receives nobody any more.',
      'Ask an administrator for the right address.',
    ],
  ),
} satisfies Record<string, ProblemEntry>
