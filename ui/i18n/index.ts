/** Texts by typed key, French first. `useText()` gives `t`, the locale and the formats of dates and numbers in it. */
import i18next from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { approvalsEn } from './approvals-en.ts'
import { approvalsFr } from './approvals-fr.ts'
import { changesEn } from './changes-en.ts'
import { changesFr } from './changes-fr.ts'
import { deskEn } from './desk-en.ts'
import { deskFr } from './desk-fr.ts'
import { en } from './en.ts'
import { type Formats, formats } from './formats.ts'
import { fr } from './fr.ts'
import { incidentEn } from './incident-en.ts'
import { incidentFr } from './incident-fr.ts'
import { jobsEn } from './jobs-en.ts'
import { jobsFr } from './jobs-fr.ts'
import { levelsEn } from './levels-en.ts'
import { levelsFr } from './levels-fr.ts'
import { migrationEn } from './migration-en.ts'
import { migrationFr } from './migration-fr.ts'
import { notificationsEn } from './notifications-en.ts'
import { notificationsFr } from './notifications-fr.ts'
import { problemsEn } from './problems-en.ts'
import { problemsFr } from './problems-fr.ts'
import { registerEn } from './register-en.ts'
import { registerFr } from './register-fr.ts'
import { requestsEn } from './requests-en.ts'
import { requestsFr } from './requests-fr.ts'
import { slaEn } from './sla-en.ts'
import { slaFr } from './sla-fr.ts'
import { studioEn } from './studio-en.ts'
import { studioFr } from './studio-fr.ts'

export type Locale = 'fr' | 'en'
export const locales: readonly Locale[] = ['fr', 'en']
export const texts = {
  fr: {
    ...fr,
    ...studioFr,
    ...levelsFr,
    ...migrationFr,
    ...approvalsFr,
    ...problemsFr,
    ...notificationsFr,
    ...deskFr,
    ...registerFr,
    ...incidentFr,
    ...slaFr,
    ...requestsFr,
    ...changesFr,
    ...jobsFr,
  },
  en: {
    ...en,
    ...studioEn,
    ...levelsEn,
    ...migrationEn,
    ...approvalsEn,
    ...problemsEn,
    ...notificationsEn,
    ...deskEn,
    ...registerEn,
    ...incidentEn,
    ...slaEn,
    ...requestsEn,
    ...changesEn,
    ...jobsEn,
  },
}

type Singular<Key> = Key extends `${infer Base}_${'zero' | 'one' | 'other'}` ? Base : Key
export type TextKey = Singular<keyof (typeof texts)['fr']>
export type TextValues = Record<string, string | number>
/** Text of a key; `count` picks the plural. */
export type T = (key: TextKey, values?: TextValues) => string

const storageKey = 'guichet.locale'
const isLocale = (value: unknown): value is Locale => value === 'fr' || value === 'en'

/** What the person chose here before, else French (the desk's first language) unless the browser asks for English. */
export function initialLocale(): Locale {
  const stored = localStorage.getItem(storageKey)
  if (isLocale(stored)) return stored
  const asked = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLocale)
  return asked ?? 'fr'
}

export async function startTexts(locale: Locale = initialLocale()): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: locale,
    fallbackLng: 'fr',
    resources: { fr: { translation: texts.fr }, en: { translation: texts.en } },
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
  })
  document.documentElement.lang = locale
}

export function changeLocale(locale: Locale): void {
  localStorage.setItem(storageKey, locale)
  document.documentElement.lang = locale
  void i18next.changeLanguage(locale)
}
/** Was a language chosen on this device? Then the account's own does not override it. */
export const hasChosenLocale = (): boolean => isLocale(localStorage.getItem(storageKey))

export function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(texts.fr, key)
}

export interface Texts extends Formats {
  t: T
  locale: Locale
  /** Text of a key built at run time (`status.` + status), else the fallback. */
  tOr: (key: string, fallback: string, values?: TextValues) => string
}

export function useText(): Texts {
  const { t: translate, i18n } = useTranslation()
  const locale: Locale = i18n.language === 'en' ? 'en' : 'fr'
  const t: T = (key, values) => translate(key as never, values as never) as unknown as string
  const tOr = (key: string, fallback: string, values?: TextValues): string => (isTextKey(key) ? t(key, values) : fallback)
  return { t, tOr, locale, ...formats(locale) }
}
