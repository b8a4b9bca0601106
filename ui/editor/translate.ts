import french from 'bpmn-js-i18n/translations/fr.js'
import { editorFrench } from './editor-fr.ts'

type Translate = (template: string, replacements?: Record<string, string>) => string

const words: Record<string, string> = { ...french, ...editorFrench }

/** bpmn.io's translate service: `{name}` is replaced; what has no French yet stays English. */
export function translator(locale: 'fr' | 'en'): Translate {
  return (template, replacements = {}) => {
    const text = locale === 'fr' ? (words[template] ?? template) : template
    return text.replace(/\{([^}]+)\}/g, (_, name: string) => replacements[name] ?? `{${name}}`)
  }
}
