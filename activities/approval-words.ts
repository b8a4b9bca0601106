type Locale = 'fr' | 'en'

/** What the shipped subjects are called; a process owner's own subject speaks for itself. */
const subjects: Record<string, Record<Locale, string>> = {
  manager: { fr: 'accord du responsable', en: 'manager’s approval' },
  itemOwner: { fr: 'accord du propriétaire de l’article', en: 'item owner’s approval' },
  owner: { fr: 'accord du propriétaire', en: 'owner’s approval' },
  finance: { fr: 'accord financier', en: 'financial approval' },
  cab: { fr: 'comité consultatif des changements', en: 'change advisory board' },
  ecab: { fr: 'comité d’urgence des changements', en: 'emergency change advisory board' },
  assessment: { fr: 'évaluation du changement', en: 'change assessment' },
  riskAcceptance: { fr: 'acceptation du risque', en: 'risk acceptance' },
  escalation: { fr: 'décision escaladée', en: 'escalated decision' },
}
const kinds: Record<string, Record<Locale, string>> = {
  incident: { fr: 'incident', en: 'incident' },
  request: { fr: 'demande', en: 'request' },
  change: { fr: 'changement', en: 'change' },
  problem: { fr: 'problème', en: 'problem' },
}

/** Words for the codes that a mail shows. */
export const codeWordsOf = (subject: string, kind: string, locale: Locale): { subjectWords: string; kindWords: string } => ({
  subjectWords: subjects[subject]?.[locale] ?? subject,
  kindWords: kinds[kind]?.[locale] ?? kind,
})

/** A deadline as the desk says it: the desk's own time zone. */
export const deadlineWords = (dueAt: Date, locale: Locale): string =>
  new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone: 'Europe/Paris' }).format(
    dueAt,
  )
