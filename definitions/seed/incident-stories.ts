/** What goes wrong in an ordinary company, in the words of those it happens to. Data of the demonstration. */
export interface Story {
  locale: 'fr' | 'en'
  title: string
  description: string
  category: string
  service: string | null
  impact: 1 | 2 | 3
  urgency: 1 | 2 | 3
  /** What the agent asks, and what he is told, when he must ask. */
  question: string
  answer: string
  resolution: string
  resolutionCode: 'fixed' | 'workaround' | 'explained' | 'thirdParty'
}

const s = (
  locale: 'fr' | 'en', category: string, service: string | null, impact: 1 | 2 | 3, urgency: 1 | 2 | 3, title: string, description: string, question: string, answer: string,
  resolutionCode: Story['resolutionCode'], resolution: string,
): Story => ({ locale, category, service, impact, urgency, title, description, question, answer, resolutionCode, resolution })

export const incidentStories: readonly Story[] = [
  s('fr', 'vpn', 'remote-access', 3, 2, 'Le VPN se coupe toutes les dix minutes', 'Depuis hier en télétravail, la connexion tombe et je dois ressaisir le code à chaque fois.', 'Êtes-vous en Wi-Fi ou en filaire ? Quelle version du client ?', 'En Wi-Fi, version 5.2.', 'fixed', 'Client VPN mis à jour en 5.4, qui corrige la perte de session en Wi-Fi.'),
  s('fr', 'printing', 'printing', 2, 3, "L'imprimante du 3e étage bourre sans arrêt", 'Bac 2, dès que l’on dépasse dix pages. Le service comptabilité est gêné pour la clôture.', 'Le bourrage a-t-il lieu aussi avec le bac 1 ?', 'Non, seulement le bac 2.', 'thirdParty', 'Rouleau d’entraînement du bac 2 remplacé par le prestataire.'),
  s('fr', 'access', 'erp', 3, 1, "Compte ERP verrouillé avant la clôture", 'Trop d’essais de mot de passe, je suis bloquée et la clôture est ce soir.', 'Voyez-vous un code à côté du message ?', 'ERR-LOCK-03', 'fixed', 'Compte déverrouillé, mot de passe réinitialisé avec vous au téléphone.'),
  s('fr', 'application', 'erp', 1, 1, "L'ERP ne répond plus pour tout le monde", 'Page blanche depuis 9 h 10, sur tous les sites. Les commandes ne passent plus.', 'Depuis quels sites avez-vous essayé ?', 'Lyon et Nantes, même page blanche.', 'fixed', 'Service applicatif redémarré après saturation des connexions ; la limite a été relevée.'),
  s('fr', 'mail', 'email', 3, 2, 'Je ne reçois plus les courriels extérieurs', 'Les collègues m’écrivent sans souci, les clients reçoivent un refus.', 'Pouvez-vous joindre le message de refus ?', 'Le voici : 550 5.7.1.', 'fixed', 'Règle antispam trop stricte corrigée ; les messages en quarantaine ont été libérés.'),
  s('fr', 'hardware', 'workstation', 3, 2, 'Écran noir après la mise en veille', 'L’ordinateur se rallume mais l’écran reste noir, il faut l’éteindre de force.', 'Le problème survient-il sans la station d’accueil ?', 'Non, seulement branché à la station.', 'fixed', 'Micrologiciel de la station d’accueil mis à jour.'),
  s('fr', 'network', 'wifi', 2, 2, 'Wi-Fi très lent en salle Garonne', 'Les visioconférences coupent dès que nous sommes plus de cinq.', 'À quels moments de la journée ?', 'Surtout le matin vers dix heures.', 'fixed', 'Borne supplémentaire activée et canal changé dans la salle.'),
  s('fr', 'application', 'crm', 2, 2, 'Le CRM affiche les fiches clients en double', 'Depuis ce matin chaque client apparaît deux fois, on ne sait plus laquelle modifier.', 'Auriez-vous deux exemples de fiches ?', 'Durand SA et Ateliers Morin.', 'fixed', 'Import de nuit joué deux fois ; doublons fusionnés, contrôle ajouté avant import.'),
  s('fr', 'application', 'payroll', 2, 1, 'Impossible de valider les variables de paie', 'Le bouton Valider reste grisé alors que la date limite est demain midi.', 'Quel établissement est concerné ?', 'Établissement 04, Nantes.', 'workaround', 'Validation faite par l’écran de masse en attendant le correctif de l’éditeur.'),
  s('fr', 'other', 'intranet', 3, 3, "L'annuaire affiche mon ancien service", 'J’ai changé d’équipe en octobre, l’intranet montre encore l’ancienne.', 'Quel est votre nouveau service ?', 'Achats indirects.', 'fixed', 'Fiche corrigée dans l’annuaire ; l’intranet la reprend chaque nuit.'),
  s('fr', 'hardware', 'telephony', 3, 2, 'Mon casque n’est plus reconnu', 'Plus de son ni de micro dans les appels depuis la mise à jour de lundi.', 'Est-il reconnu sur un autre poste ?', 'Oui, chez ma collègue.', 'fixed', 'Pilote audio rétabli à la version précédente.'),
  s('fr', 'access', 'intranet', 3, 3, 'Accès refusé au dossier Projets 2026', 'J’ai rejoint l’équipe lundi, le dossier partagé m’est refusé.', 'Qui est le responsable du dossier ?', 'Hélène Aubert.', 'explained', 'Accès accordé par la responsable du dossier ; la démarche est décrite dans l’intranet.'),
  s('en', 'vpn', 'remote-access', 3, 1, 'Cannot connect to the VPN from the hotel', 'I am travelling and get "gateway unreachable". Demo with a customer at two.', 'Does it work over your phone?', 'Yes, over the phone it connects.', 'workaround', 'The hotel blocks the port; switched your profile to the fallback port.'),
  s('en', 'mail', 'email', 3, 3, 'Calendar shows meetings one hour late', 'Since I came back from London all my meetings are shifted.', 'Which time zone does your laptop show?', 'London, still.', 'explained', 'Time zone set back to Paris in the laptop and in the calendar.'),
  s('en', 'application', 'crm', 3, 2, 'Export of opportunities stops at 1000 rows', 'I need the whole quarter for the board report.', 'Which view do you export from?', '"All open", about 3,200 rows.', 'explained', 'Use the report export, which has no limit; showed you where.'),
  s('en', 'hardware', 'workstation', 3, 2, 'Laptop battery lasts twenty minutes', 'It used to last a whole morning. Model from 2021.', 'Could you run the battery report?', 'Health 38 %.', 'fixed', 'Battery replaced at the workplace counter.'),
  s('en', 'network', 'wifi', 1, 2, 'No network on the second floor', 'All wall sockets are dead since the power cut this morning; Wi-Fi works.', 'Is the light of the cabinet on?', 'No light at all.', 'fixed', 'The floor switch had lost its power supply; supply replaced.'),
  s('en', 'access', 'crm', 3, 2, 'Locked out after changing phone', 'The second factor still goes to my old phone.', 'May we call you back on your office number?', 'Yes, extension 4417.', 'fixed', 'Identity checked by call, new phone enrolled.'),
]
