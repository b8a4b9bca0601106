import type { ChannelId } from '#schema/ticket'

/** A way in which people reach the desk. */
export interface ChannelDefinition {
  name: { fr: string; en: string }
  /**
   * Who may open an interaction on it through the API: anyone for himself, an agent who notes what he was told, an API key, or
   * nobody (`program`: a receiver of our own does).
   */
  openedBy: 'anyone' | 'agent' | 'apiKey' | 'program'
  /** Does the requester hear of agents' replies by mail? */
  repliesByMail: boolean
}

/** All channels. A new one is a name in the schema and the line that the compiler then demands here. */
export const channels = {
  portal: { name: { fr: 'Portail', en: 'Portal' }, openedBy: 'anyone', repliesByMail: true },
  mail: { name: { fr: 'Courriel', en: 'Mail' }, openedBy: 'program', repliesByMail: true },
  api: { name: { fr: 'API', en: 'API' }, openedBy: 'anyone', repliesByMail: true },
  phone: { name: { fr: 'Téléphone', en: 'Phone' }, openedBy: 'agent', repliesByMail: true },
  chat: { name: { fr: 'Messagerie instantanée', en: 'Chat' }, openedBy: 'agent', repliesByMail: true },
  walkIn: { name: { fr: 'Accueil', en: 'Walk-in' }, openedBy: 'agent', repliesByMail: true },
  social: { name: { fr: 'Réseaux sociaux', en: 'Social networks' }, openedBy: 'agent', repliesByMail: true },
  webhook: { name: { fr: 'Webhook', en: 'Webhook' }, openedBy: 'apiKey', repliesByMail: false },
  import: { name: { fr: 'Import', en: 'Import' }, openedBy: 'program', repliesByMail: false },
} satisfies Record<ChannelId, ChannelDefinition>
