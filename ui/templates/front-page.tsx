import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { LanguageSwitch } from '../shell/account-menu.tsx'
import { useText } from '../i18n/index.ts'

/** A page that is opened without signing in, from the link in a mail or at the counter: the name, the language, and one panel. */
export function FrontPage({ title, className = '', children }: { title: string; className?: string; children: ReactNode }) {
  const { t } = useText()
  useDocumentTitle(`${title} · Guichet`)
  return (
    <div className="survey-screen">
      <header className="survey-top">
        <span className="entry-brand">
          <img src="/guichet.svg" alt="" />
          {t('app.name')}
        </span>
        <LanguageSwitch />
      </header>
      <main className={`panel survey-panel ${className}`.trim()}>{children}</main>
    </div>
  )
}
