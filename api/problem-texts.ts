import { entry, type ProblemEntry } from './problem-text.ts'
import { changeCatalogue } from './change-problem-texts.ts'
import { approvalCatalogue } from './approval-problem-texts.ts'
import { deskCatalogue } from './desk-problem-texts.ts'
import { incidentCatalogue } from './incident-problem-texts.ts'
import { registerCatalogue } from './register-problem-texts.ts'
import { slaCatalogue } from './sla-problem-texts.ts'
import { requestCatalogue } from './request-problem-texts.ts'
import { jobCatalogue } from './job-problem-texts.ts'

/** Every problem code with its words. */
export const catalogue: Record<string, ProblemEntry> = {
  ...deskCatalogue,
  ...registerCatalogue,
  ...approvalCatalogue,
  ...slaCatalogue,
  ...incidentCatalogue,
  ...changeCatalogue,
  ...requestCatalogue,
  ...jobCatalogue,
  mandatoryNotification: entry(
    [
      'Notification obligatoire',
      'Les messages « {event} » sont toujours envoyés, et tout de suite.',
      'Laissez celle-ci ; les autres peuvent être groupées ou arrêtées.',
    ],
    ['Mandatory notification', 'Messages of “{event}” are always sent, and at once.', 'Leave this one; others can be grouped or stopped.'],
  ),
  unsubscribeLinkInvalid: entry(
    ['Lien invalide', 'Ce lien de désabonnement n’est pas valable.', 'Connectez-vous et ouvrez « Mes notifications ».'],
    ['Invalid link', 'This unsubscribe link is not valid.', 'Sign in and open “My notifications”.'],
  ),
  testSendOnlyToOneself: entry(
    ['Action non permise', 'L’essai ne part qu’à votre propre adresse.', 'Demandez à un administrateur de l’envoyer à une autre.'],
    ['Not allowed', 'A test goes to your own address only.', 'Ask an administrator to send it to another one.'],
  ),
  templateNotFound: entry(
    ['Modèle introuvable', 'Aucun modèle « {id} » n’est déployé.', 'Déployez-le, ou choisissez l’autre langue.'],
    ['Template not found', 'No template “{id}” is deployed.', 'Deploy it, or choose the other language.'],
  ),
  templateUnreadable: entry(
    ['Modèle illisible', 'Ce modèle ne peut pas être rendu.', 'Corrigez la ligne indiquée.'],
    ['Unreadable template', 'This template cannot be rendered.', 'Mend the line that is named.'],
  ),
  mailNotFound: entry(['Courriel introuvable', 'Ce courriel n’existe pas.'], ['Mail not found', 'This mail does not exist.']),
  mailNotRetryable: entry(
    ['Renvoi impossible', 'Seul un courriel échoué ou retenu, qui a un destinataire, peut être renvoyé.', 'Rechargez le journal.'],
    ['Cannot be sent again', 'Only a mail that failed or was held back, and has a recipient, can be sent again.', 'Reload the log.'],
  ),
  addressNotBlocked: entry(
    ['Adresse non bloquée', 'L’adresse {address} n’est pas bloquée.', 'Rechargez la liste.'],
    ['Address not blocked', 'The address {address} is not blocked.', 'Reload the list.'],
  ),
  processMigrationNotFound: entry(
    ['Opération introuvable', 'Aucun déplacement de tickets « {id} ».', 'Revenez à la page du processus.'],
    ['Operation not found', 'There is no move of tickets “{id}”.', 'Go back to the process’s page.'],
  ),
  processMigrationState: entry(
    ['Action impossible maintenant', 'L’opération est à l’état « {state} ».', 'Rechargez la page : elle montre ce qui est possible.'],
    ['Not possible now', 'The operation is {state}.', 'Reload the page: it shows what is possible.'],
  ),
  definitionIncomplete: entry(
    ['Version inutilisable', 'Cette version nomme une définition qui n’est pas déployée.', 'Déployez-la d’abord.'],
    ['Version not usable', 'This version names a definition that is not deployed.', 'Deploy it first.'],
  ),
  notSignedIn: entry(
    [
      'Connexion requise',
      'Cette page demande une session ouverte ou une clé d’API.',
      'Connectez-vous, ou envoyez l’en-tête Authorization: Bearer gk_….',
    ],
    ['Sign-in required', 'This call needs a session or an API key.', 'Sign in, or send the header Authorization: Bearer gk_….'],
  ),
  signInFailed: entry(
    ['Connexion refusée', 'L’adresse ou le mot de passe ne correspond pas.', 'Vérifiez l’adresse et le mot de passe.'],
    ['Sign-in refused', 'The address or the password does not match.', 'Check the address and the password.'],
  ),
  invalidApiKey: entry(
    ['Clé d’API refusée', 'La clé est inconnue, expirée ou révoquée.', 'Demandez une nouvelle clé à un administrateur.'],
    ['API key refused', 'The key is unknown, expired or revoked.', 'Ask an administrator for a new key.'],
  ),
  tooManyAttempts: entry(
    ['Trop de tentatives', 'Trop de connexions ont échoué depuis cette adresse.', 'Réessayez dans {seconds} secondes.'],
    ['Too many attempts', 'Too many sign-ins failed from this address.', 'Try again in {seconds} seconds.'],
  ),
  tooManyStreams: entry(
    ['Trop de connexions', 'Trop d’écoutes simultanées pour cette personne.', 'Fermez des onglets.'],
    ['Too many connections', 'Too many event streams for one person.', 'Close some tabs.'],
  ),
  forbidden: entry(
    ['Action non permise', 'Votre rôle ne permet pas cette action.', 'Demandez à un administrateur le rôle qui convient : {roles}.'],
    ['Not allowed', 'Your role does not permit this.', 'Ask an administrator for a role that does: {roles}.'],
  ),
  notPermitted: entry(
    ['Action non permise', 'Vous ne pouvez pas faire cela sur ce ticket.', 'Demandez à une personne du groupe affecté.'],
    ['Not allowed', 'You may not do that on this ticket.', 'Ask a member of the assigned group.'],
  ),
  wrongOrigin: entry(
    ['Origine refusée', 'La requête vient d’un autre site.', 'Utilisez Guichet depuis son adresse, ou une clé d’API.'],
    ['Origin refused', 'The call comes from another site.', 'Use Guichet from its own address, or an API key.'],
  ),
  notFound: entry(['Introuvable', 'Cette adresse ne mène à rien.'], ['Not found', 'Nothing is at this address.']),
  ticketNotFound: entry(
    ['Ticket introuvable', 'Aucun ticket « {id} » ne vous est visible.', 'Vérifiez le numéro.'],
    ['Ticket not found', 'No ticket “{id}” is visible to you.', 'Check the number.'],
  ),
  taskNotFound: entry(
    ['Tâche introuvable', 'Cette tâche n’existe pas sur ce ticket.', 'Rouvrez le ticket.'],
    ['Task not found', 'This task does not exist on this ticket.', 'Open the ticket again.'],
  ),
  staleTask: entry(
    ['Tâche déjà terminée', 'La tâche « {name} » a été {state} entre-temps.', 'Rechargez le ticket : la prochaine tâche y figure.'],
    ['Task already ended', 'The task “{name}” has been {state} meanwhile.', 'Reload the ticket: its next task is there.'],
  ),
  unknownTask: entry(
    ['Tâche déjà terminée', 'Cette tâche n’est plus ouverte.', 'Rechargez le ticket : la prochaine tâche y figure.'],
    ['Task already ended', 'This task is not open any more.', 'Reload the ticket: its next task is there.'],
  ),
  roleMissing: entry(
    ['Action non permise', 'Votre rôle ne permet pas cette action sur ce ticket.', 'Demandez à un administrateur le rôle qui convient.'],
    ['Not allowed', 'Your role does not permit this on this ticket.', 'Ask an administrator for a role that does.'],
  ),
  notYourTicket: entry(
    ['Action non permise', 'Seul le demandeur du ticket peut faire cela.', 'Demandez-le au demandeur, ou laissez une note.'],
    ['Not allowed', 'Only the requester of the ticket may do this.', 'Ask the requester, or leave a note.'],
  ),
  notInGroup: entry(
    [
      'Tâche d’un autre groupe',
      'Cette tâche est confiée à un groupe dont vous n’êtes pas membre.',
      'Demandez que le ticket soit réaffecté, ou rejoignez le groupe.',
    ],
    [
      'Another group’s task',
      'This task belongs to a group you are not a member of.',
      'Ask for the ticket to be reassigned, or join the group.',
    ],
  ),
  takenBySomeoneElse: entry(
    ['Tâche prise par quelqu’un d’autre', 'Une autre personne a pris cette tâche.', 'Reprenez-la d’abord à votre nom.'],
    ['Taken by someone else', 'Someone else has this task.', 'Take it over first.'],
  ),
  wrongStatus: entry(
    ['Statut incompatible', 'Le statut du ticket ne permet pas cette action.', 'Rechargez le ticket : il montre ce qui est possible.'],
    ['Wrong status', 'The ticket’s status does not permit this.', 'Reload the ticket: it shows what is possible.'],
  ),
  unknownWait: entry(
    ['Étape dépassée', 'Le ticket a avancé : cette étape n’attend plus rien.', 'Rechargez le ticket.'],
    ['Step has passed', 'The ticket has moved on: this step waits for nothing any more.', 'Reload the ticket.'],
  ),
  notCorrelated: entry(
    ['Pas maintenant', 'À cette étape, le ticket n’attend pas cette action.', 'Rechargez le ticket : il montre ce qui est possible.'],
    ['Not now', 'At this step the ticket does not wait for this action.', 'Reload the ticket: it shows what is possible.'],
  ),
  variablesTooLarge: entry(
    [
      'Trop de données',
      'Les données du ticket dépasseraient la taille permise.',
      'Raccourcissez ce que vous envoyez, ou joignez-le comme pièce jointe.',
    ],
    ['Too much data', 'The ticket’s data would exceed the permitted size.', 'Shorten what you send, or attach it as a file.'],
  ),
  instanceEnded: entry(
    ['Ticket terminé', 'Le processus de ce ticket est terminé.', 'Ouvrez un nouveau ticket.'],
    ['Ticket has ended', 'The process of this ticket has ended.', 'Open a new ticket.'],
  ),
  notStartedYet: entry(
    [
      'Ticket en cours de démarrage',
      'Le ticket est enregistré ; son processus n’a pas encore démarré.',
      'Réessayez dans quelques secondes.',
    ],
    ['Ticket is starting', 'The ticket is recorded; its process has not started yet.', 'Try again in a few seconds.'],
  ),
  workflowUnavailable: entry(
    [
      'Moteur momentanément injoignable',
      'L’action n’a pas été faite : le moteur de processus ne répond pas.',
      'Réessayez dans un instant ; rien n’est perdu.',
    ],
    ['Process engine unreachable', 'Nothing was done: the process engine does not answer.', 'Try again in a moment; nothing is lost.'],
  ),
  databaseUnavailable: entry(
    ['Base de données injoignable', 'La base de données ne répond pas.', 'Réessayez dans un instant.'],
    ['Database unreachable', 'The database does not answer.', 'Try again in a moment.'],
  ),
  invalidCall: entry(
    ['Requête invalide', 'Des champs manquent ou ne conviennent pas ; voir « errors ».', 'Corrigez les champs nommés.'],
    ['Invalid call', 'Fields are missing or do not fit; see “errors”.', 'Correct the fields that are named.'],
  ),
  malformedJson: entry(
    ['JSON illisible', 'Le corps de la requête n’est pas du JSON.', 'Envoyez du JSON avec Content-Type: application/json.'],
    ['Unreadable JSON', 'The body is not JSON.', 'Send JSON with Content-Type: application/json.'],
  ),
  unsupportedMediaType: entry(
    ['Type de contenu refusé', 'Ce point d’entrée attend {expected}.', 'Changez l’en-tête Content-Type.'],
    ['Content type refused', 'This call takes {expected}.', 'Change the Content-Type header.'],
  ),
  tooLarge: entry(
    ['Envoi trop volumineux', 'La limite est de {limit}.', 'Réduisez l’envoi, ou partagez le fichier par un lien.'],
    ['Too large', 'The limit is {limit}.', 'Make it smaller, or share the file by a link.'],
  ),
  invalidCursor: entry(
    ['Curseur invalide', 'Ce curseur de page n’est pas le nôtre.', 'Reprenez la liste sans « cursor ».'],
    ['Invalid cursor', 'This page cursor is not one of ours.', 'Start the list again without “cursor”.'],
  ),
  idempotencyMismatch: entry(
    [
      'Clé d’idempotence déjà utilisée',
      'La même Idempotency-Key a servi à une autre requête.',
      'Prenez une nouvelle clé pour une nouvelle requête.',
    ],
    ['Idempotency key already used', 'The same Idempotency-Key was used for a different call.', 'Take a new key for a new call.'],
  ),
  idempotencyInProgress: entry(
    ['Requête déjà en cours', 'La première requête avec cette clé n’est pas terminée.', 'Réessayez dans quelques secondes.'],
    ['Already in progress', 'The first call with this key has not finished.', 'Try again in a few seconds.'],
  ),
  invalidForm: entry(
    ['Formulaire refusé', 'Des champs du formulaire « {form} » ne conviennent pas ; voir « errors ».', 'Corrigez les champs nommés.'],
    ['Form refused', 'Fields of the form “{form}” do not fit; see “errors”.', 'Correct the fields that are named.'],
  ),
  formNotFound: entry(
    ['Formulaire introuvable', 'Aucun formulaire « {id} » n’est déployé.', 'Déployez-le d’abord.'],
    ['Form not found', 'No form “{id}” is deployed.', 'Deploy it first.'],
  ),
  noProcess: entry(
    ['Aucun processus déployé', 'Le processus « {id} » n’est pas déployé.', 'Un propriétaire de processus doit le déployer.'],
    ['No process deployed', 'The process “{id}” is not deployed.', 'A process owner must deploy it.'],
  ),
  definitionNotFound: entry(
    ['Définition introuvable', 'Aucune définition {kind} « {id} ».', 'Vérifiez le nom et la version.'],
    ['Definition not found', 'No {kind} definition “{id}”.', 'Check the name and the version.'],
  ),
  invalidDefinition: entry(
    [
      'Définition refusée',
      'La définition contient {count} erreur(s) ; voir « errors ».',
      'Corrigez les éléments nommés, puis déployez à nouveau.',
    ],
    [
      'Definition refused',
      'The definition has {count} mistake(s); see “errors”.',
      'Correct the elements that are named, then deploy again.',
    ],
  ),
  staleVersion: entry(
    [
      'Version dépassée',
      'La version {current} a été déployée depuis la version {base} que vous modifiez.',
      'Comparez avec la version {current}, puis reprenez vos modifications.',
    ],
    [
      'Version is stale',
      'Version {current} has been deployed since version {base}, which you edit.',
      'Compare with version {current}, then apply your changes again.',
    ],
  ),
  attachmentNotFound: entry(
    [
      'Pièce jointe introuvable',
      'Cette pièce jointe n’existe pas, ou est déjà attachée à un autre message.',
      'Envoyez le fichier à nouveau.',
    ],
    ['Attachment not found', 'This attachment does not exist or belongs to another message.', 'Upload the file again.'],
  ),
  personNotFound: entry(
    ['Personne introuvable', 'Personne « {id} » inconnue ou inactive.'],
    ['Person not found', 'Person “{id}” is unknown or inactive.'],
  ),
  groupNotFound: entry(['Groupe introuvable', 'Le groupe « {id} » n’existe pas.'], ['Group not found', 'Group “{id}” does not exist.']),
  emailTaken: entry(
    ['Adresse déjà prise', 'Une personne a déjà l’adresse {email}.', 'Modifiez cette personne plutôt que d’en créer une autre.'],
    ['Address already taken', 'Somebody already has the address {email}.', 'Change that person instead of creating another.'],
  ),
  surveyLinkInvalid: entry(
    ['Lien invalide', 'Ce lien d’enquête n’est pas valable ou a expiré.', 'Répondez depuis le ticket.'],
    ['Invalid link', 'This survey link is not valid or has expired.', 'Answer from the ticket.'],
  ),
  surveyAlreadyAnswered: entry(
    ['Déjà répondu', 'Vous avez déjà donné votre avis. Merci.'],
    ['Already answered', 'You have already answered. Thank you.'],
  ),
  unknownAction: entry(
    ['Action inconnue', 'Il n’y a pas d’action « {name} ».', 'Actions : {known}.'],
    ['Unknown action', 'There is no action “{name}”.', 'Actions: {known}.'],
  ),
  internal: entry(
    [
      'Erreur interne',
      'Quelque chose a échoué chez nous. La requête {requestId} est consignée.',
      'Réessayez ; si cela persiste, donnez ce numéro à un administrateur.',
    ],
    [
      'Internal error',
      'Something failed on our side. Call {requestId} is in the log.',
      'Try again; if it persists give this number to an administrator.',
    ],
  ),
}
