/** What refusals about approvals and delegations say. */
import { entry } from './problem-text.ts'

export const approvalCatalogue = {
  approvalNotFound: entry(
    ['Approbation introuvable', 'Cette demande d’approbation n’existe pas.', 'Revenez à la liste « À approuver ».'],
    ['Approval not found', 'There is no such question.', 'Go back to the list “To approve”.'],
  ),
  approvalAlreadyDecided: entry(
    ['Décision déjà prise', '{name} a déjà répondu pour {number}. Une réponse ne se donne qu’une fois.', 'Rien à faire.'],
    ['Already decided', '{name} has already answered for {number}. An answer is given once.', 'Nothing to do.'],
  ),
  approvalWithdrawn: entry(
    [
      'Approbation plus attendue',
      'Le ticket {number} n’attend plus cette réponse : d’autres ont décidé, le délai est passé, ou il est annulé.',
      'Rien à faire.',
    ],
    [
      'Approval no longer awaited',
      'Ticket {number} does not wait for this answer any more: others decided, the deadline has passed, or it was canceled.',
      'Nothing to do.',
    ],
  ),
  approvalLinkInvalid: entry(
    ['Lien invalide', 'Ce lien d’approbation n’est pas valable.', 'Ouvrez le lien entier du message, ou décidez depuis le portail.'],
    ['Invalid link', 'This approval link is not valid.', 'Open the whole link of the message, or decide on the portal.'],
  ),
  approvalLinkExpired: entry(
    ['Lien expiré', 'Ce lien ne vaut plus.', 'Connectez-vous et décidez depuis « À approuver ».'],
    ['Link expired', 'This link is not good any more.', 'Sign in and decide under “To approve”.'],
  ),
  selfApproval: entry(
    [
      'On ne décide pas pour soi-même',
      'Qui a demandé ou ouvert le ticket, ou en bénéficie, ne décide pas à son sujet, ni son délégué pour lui.',
      'La décision revient au responsable ou au groupe de recours : elle leur est transmise.',
    ],
    [
      'Nobody decides for himself',
      'Who asked for the ticket, opened it or gains by it does not decide about it, nor does his delegate for him.',
      'The decision goes to the manager or the fallback group: it is passed on to them.',
    ],
  ),
  notAsked: entry(
    [
      'Cette décision est demandée à quelqu’un d’autre',
      'Vous n’êtes ni l’approbateur, ni son délégué.',
      'L’approbateur peut vous nommer délégué.',
    ],
    ['This decision is asked of someone else', 'You are neither the approver nor his delegate.', 'The approver can name you his delegate.'],
  ),
  invalidDecision: entry(
    ['Décision incomplète', 'Il manque une décision : approuver, rejeter ou s’abstenir.', 'Choisissez-en une.'],
    ['Incomplete decision', 'A decision is missing: approve, reject or abstain.', 'Choose one.'],
  ),
  commentRequired: entry(
    ['Commentaire obligatoire', 'Un rejet se motive : le demandeur doit savoir pourquoi.', 'Écrivez un commentaire.'],
    ['A comment is needed', 'A rejection needs its reason: the requester must know why.', 'Write a comment.'],
  ),
  delegationCycle: entry(
    [
      'La délégation tournerait en rond',
      'À un moment, chacun déléguerait au suivant : {through}.',
      'Choisissez quelqu’un d’autre, ou d’autres dates.',
    ],
    [
      'The delegation would go in a circle',
      'At some moment each would delegate to the next: {through}.',
      'Choose someone else, or other dates.',
    ],
  ),
  chainTooLong: entry(
    ['Trop de mains', 'Une décision passerait par plus de trois délégués à la suite.', 'Choisissez un délégué qui est présent.'],
    ['Too many hands', 'A decision would pass through more than three delegates in a row.', 'Choose a delegate who is there.'],
  ),
  duplicateDelegation: entry(
    [
      'Délégation déjà posée',
      'Cette personne est déjà votre délégué pour la même chose à ces dates.',
      'Terminez l’autre d’abord, ou changez les dates.',
    ],
    [
      'Delegation already made',
      'This person is your delegate for the same at these dates already.',
      'End the other first, or change the dates.',
    ],
  ),
  delegateIsSelf: entry(
    ['On ne se délègue pas à soi-même', undefined, 'Choisissez quelqu’un d’autre, ou « personne » pour une simple absence.'],
    ['Nobody delegates to himself', undefined, 'Choose someone else, or “nobody” for a mere absence.'],
  ),
  endsBeforeStart: entry(
    ['La fin précède le début', undefined, 'Donnez une fin après le début.'],
    ['It ends before it starts', undefined, 'Give an end after the start.'],
  ),
  alreadyOver: entry(
    ['La période est déjà passée', undefined, 'Donnez une fin dans l’avenir.'],
    ['The period is over already', undefined, 'Give an end in the future.'],
  ),
  tooLong: entry(
    ['Plus d’un an', 'Au-delà d’un an, c’est un changement de fonction.', 'Donnez au plus un an.'],
    ['More than a year', 'More than a year is a change of duties.', 'Give a year at most.'],
  ),
  valueMissing: entry(
    ['Étendue incomplète', 'Le groupe ou le sujet manque.', 'Choisissez-le, ou déléguez tout.'],
    ['Incomplete cover', 'The group or the subject is missing.', 'Choose it, or delegate all.'],
  ),
  valueNotNeeded: entry(
    ['Étendue contradictoire', '« Tout » ne prend ni groupe ni sujet.', 'Retirez-le.'],
    ['Contradictory cover', '“All” takes neither group nor subject.', 'Leave it out.'],
  ),
  delegationNotFound: entry(
    ['Délégation introuvable', 'Cette délégation n’existe pas.', 'Rechargez la page.'],
    ['Delegation not found', 'There is no such delegation.', 'Reload the page.'],
  ),
  delegationEnded: entry(
    ['Délégation déjà terminée', 'Elle est terminée ou révoquée.', 'Rechargez la page.'],
    ['Delegation ended already', 'It is over or was revoked.', 'Reload the page.'],
  ),
  notYourDelegation: entry(
    [
      'Délégation d’une autre personne',
      'Chacun délègue pour soi ; un administrateur le fait pour les autres.',
      'Demandez à la personne, ou à un administrateur.',
    ],
    [
      'Someone else’s delegation',
      'Everybody delegates for himself; an administrator does it for others.',
      'Ask the person, or an administrator.',
    ],
  ),
  knownErrorNotFound: entry(
    ['Erreur connue introuvable', 'Cette erreur connue n’existe pas, ou ne vous est pas destinée.', 'Cherchez-la par ses mots.'],
    ['Known error not found', 'This known error does not exist, or is not meant for you.', 'Search for it by its words.'],
  ),
  knownErrorState: entry(
    [
      'Pas possible dans cet état',
      'Seule une erreur publiée s’applique ; une erreur publiée peut être retirée, une retirée republiée.',
      'Rechargez la page.',
    ],
    [
      'Not possible in this state',
      'Only a published known error is applied; a published one may be retired, a retired one published again.',
      'Reload the page.',
    ],
  ),
  notAProblem: entry(
    ['Ce n’est pas un problème', 'Une erreur connue se rattache à un problème (PRB-…).', 'Choisissez un problème, ou aucun.'],
    ['Not a problem', 'A known error belongs to a problem (PRB-…).', 'Choose a problem, or none.'],
  ),
  proposalDecided: entry(
    ['Proposition déjà traitée', 'Quelqu’un l’a acceptée ou écartée entre-temps.', 'Rechargez la page.'],
    ['Proposal already settled', 'Somebody accepted or dismissed it meanwhile.', 'Reload the page.'],
  ),
  ruleConflict: entry(
    [
      'Règle modifiée entre-temps',
      'Quelqu’un a enregistré cette règle depuis que vous l’avez ouverte.',
      'Rechargez la page et reprenez votre changement.',
    ],
    ['Rule changed meanwhile', 'Somebody saved this rule since you opened it.', 'Reload the page and make your change again.'],
  ),
  ruleRepeated: entry(
    [
      'Règle déjà présente',
      'La règle active « {name} » demande déjà exactement cela.',
      'Changez le nombre ou la durée, ou désactivez l’autre règle.',
    ],
    [
      'Rule already there',
      'The active rule “{name}” asks exactly this already.',
      'Change the number or the days, or switch the other rule off.',
    ],
  ),
}
