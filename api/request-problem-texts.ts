/** What refusals about the catalogue, orders, access rights and their reviews say. */
import { entry, type ProblemEntry } from './problem-text.ts'

export const requestCatalogue = {
  invalidOrder: entry(
    [
      'Commande incomplète',
      'Le panier ne peut pas être commandé tel quel ; rien n’a été demandé.',
      'Corrigez les lignes indiquées, puis validez à nouveau.',
    ],
    [
      'Order incomplete',
      'The cart cannot be ordered as it is; nothing has been asked for.',
      'Correct the lines that are named, then submit again.',
    ],
  ),
  itemNotFound: entry(
    ['Article introuvable', 'Le catalogue n’a pas d’article « {id} » pour vous. Choisissez-en un dans le catalogue.'],
    ['Item not found', 'The catalogue has no item “{id}” for you. Choose one from the catalogue.'],
  ),
  itemWithdrawn: entry(
    ['Article retiré', '« {id} » a été retiré du catalogue. Retirez cette ligne du panier.'],
    ['Item withdrawn', '“{id}” has been withdrawn from the catalogue. Remove this line from the cart.'],
  ),
  itemNotYet: entry(
    ['Article pas encore disponible', '« {id} » n’est pas encore disponible. Revenez plus tard.'],
    ['Item not available yet', '“{id}” is not available yet. Come back later.'],
  ),
  itemNoLonger: entry(
    ['Article plus disponible', '« {id} » n’est plus disponible. Retirez cette ligne du panier.'],
    ['Item no longer available', '“{id}” is no longer available. Remove this line from the cart.'],
  ),
  itemNotForYou: entry(
    ['Article réservé', '« {id} » est réservé à d’autres équipes. Demandez à l’une d’elles de le commander.'],
    ['Item reserved', '“{id}” is reserved for other teams. Ask one of them to order it.'],
  ),
  itemChanged: entry(
    [
      'Article modifié',
      '« {id} » a changé depuis que vous l’avez mis au panier. Ouvrez-le à nouveau, vérifiez prix et questions, remettez-le au panier.',
    ],
    ['Item changed', '“{id}” has changed since you put it into the cart. Open it again, check price and questions, put it back.'],
  ),
  itemNotForOthers: entry(
    ['Article personnel', '« {id} » ne se demande que pour soi. La personne doit le demander elle-même.'],
    ['Personal item', '“{id}” can only be asked for oneself. The person has to ask for it.'],
  ),
  quantityTooLarge: entry(
    ['Quantité trop grande', 'Au plus {id} par commande. Réduisez la quantité.'],
    ['Quantity too large', 'At most {id} in one order. Reduce the quantity.'],
  ),
  expiryInPast: entry(
    ['Échéance passée', 'Une échéance doit être à venir. Donnez une date future.'],
    ['End in the past', 'An end must lie ahead. Give a future date.'],
  ),
  profileNotFound: entry(
    ['Métier inconnu', 'Aucun métier « {id} ». Choisissez-en un dans la liste.'],
    ['Job unknown', 'There is no job “{id}”. Choose one of the list.'],
  ),
  orderNotFound: entry(
    ['Commande introuvable', 'Aucune commande « {id} » ne vous est visible.', 'Vérifiez le numéro.'],
    ['Order not found', 'No order “{id}” is visible to you.', 'Check the number.'],
  ),
  requestNotFound: entry(
    ['Pas une demande du catalogue', '{id} ne vient pas du catalogue.', 'Ouvrez le ticket lui-même.'],
    ['Not a request of the catalogue', '{id} does not come from the catalogue.', 'Open the ticket itself.'],
  ),
  grantNotFound: entry(
    ['Droit introuvable', 'Vous n’avez pas de droit actif « {id} ». Choisissez-en un dans « Mes accès ».'],
    ['Right not found', 'You have no active right “{id}”. Choose one under “My access”.'],
  ),
  invalidProfile: entry(
    ['Profil refusé', 'Le profil ne peut pas être enregistré tel quel ; rien n’a changé.', 'Corrigez les champs indiqués.'],
    ['Profile refused', 'The profile cannot be saved as it is; nothing has changed.', 'Correct the fields that are named.'],
  ),
  entitlementTwice: entry(
    ['Droit en double', '« {id} » figure deux fois dans le profil. Retirez-en un.'],
    ['Right named twice', '“{id}” is in the profile twice. Remove one.'],
  ),
  connectorByHand: entry(
    ['Rien à appeler', '« {name} » est servi à la main : il n’y a pas de système à essayer.', 'Choisissez un webhook, puis réessayez.'],
    ['Nothing to call', '“{name}” is served by hand: there is no system to try.', 'Make it a webhook, then try again.'],
  ),
  grantNotActive: entry(
    ['Droit déjà en cours de retrait ou retiré', 'Ce droit est à l’état « {state} ».', 'Rechargez la page.'],
    ['Right already being removed or removed', 'This right is {state}.', 'Reload the page.'],
  ),
  notEntitlementOwner: entry(
    ['Action non permise', 'Seul le responsable du droit ou un administrateur peut le retirer.', 'Demandez-le au responsable.'],
    ['Not allowed', 'Only the owner of the entitlement or an administrator may take it away.', 'Ask the owner.'],
  ),
  invalidEntitlement: entry(
    ['Droit incomplet', 'Le responsable, le groupe ou le système nommé n’existe pas.', 'Corrigez les champs indiqués.'],
    ['Entitlement incomplete', 'The owner, the group or the system that is named does not exist.', 'Correct the fields that are named.'],
  ),
  connectorNotFound: entry(
    ['Système inconnu', 'Aucun système « {id} ». Créez-le d’abord.'],
    ['System unknown', 'There is no system “{id}”. Set it up first.'],
  ),
  entitlementNotFound: entry(
    ['Droit inconnu', 'Aucun droit « {id} » au registre.'],
    ['Entitlement unknown', 'The register has no entitlement “{id}”.'],
  ),
  invalidCampaign: entry(
    ['Campagne impossible', 'La campagne n’a pas été lancée.', 'Corrigez les champs indiqués.'],
    ['Campaign not possible', 'The campaign has not been started.', 'Correct the fields that are named.'],
  ),
  campaignWithoutGrants: entry(
    ['Rien à revoir', 'Personne ne détient ces droits. Choisissez-en d’autres, ou tous.'],
    ['Nothing to review', 'Nobody holds these rights. Choose others, or all.'],
  ),
  deadlineInPast: entry(['Échéance passée', 'L’échéance doit être à venir.'], ['Deadline in the past', 'The deadline must lie ahead.']),
  campaignNotFound: entry(['Campagne introuvable', 'Cette campagne n’existe pas.'], ['Campaign not found', 'There is no such campaign.']),
  campaignClosed: entry(
    ['Campagne close', 'Les décisions ont été appliquées.', 'Faites une nouvelle demande, ou retirez le droit au registre.'],
    ['Campaign closed', 'The decisions have been carried out.', 'Make a new request, or take the right away in the register.'],
  ),
  reviewNotFound: entry(
    ['Revue introuvable', 'Ce droit n’est pas dans cette campagne.'],
    ['Review not found', 'This right is not in this campaign.'],
  ),
  notReviewer: entry(
    [
      'Action non permise',
      'Cette revue revient à quelqu’un d’autre, et personne ne revoit ses propres droits.',
      'Demandez au responsable du droit.',
    ],
    ['Not allowed', 'This review is somebody else’s, and nobody reviews his own rights.', 'Ask the owner of the entitlement.'],
  ),
  invalidReview: entry(
    ['Motif manquant', 'Un retrait demande un motif.', 'Écrivez pourquoi.'],
    ['Reason missing', 'A revocation needs a reason.', 'Write why.'],
  ),
  revokeNeedsReason: entry(
    ['Motif manquant', 'Écrivez pourquoi le droit est retiré.'],
    ['Reason missing', 'Write why the right is taken away.'],
  ),
} satisfies Record<string, ProblemEntry>
