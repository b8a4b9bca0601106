import french from 'bpmn-js-i18n/translations/fr.js'
import { editorFrench } from './editor-fr.ts'

type Translate = (template: string, replacements?: Record<string, string>) => string

/** Keys are looked up whatever their case: the editor says both `User task` and `User Task`, `Sub-process` and `Sub Process`. */
const normal = (text: string): string => text.toLowerCase().replaceAll('-', ' ')
const words = new Map([...Object.entries(french), ...Object.entries(editorFrench)].map(([english, text]) => [normal(english), text]))

/** bpmn.io's translate service: `{name}` is replaced; what has no French yet stays English. */
export function translator(locale: 'fr' | 'en'): Translate {
  return (template, replacements = {}) => {
    const text = locale === 'fr' ? (words.get(normal(template)) ?? template) : template
    return text.replace(/\{([^}]+)\}/g, (_, name: string) => replacements[name] ?? `{${name}}`)
  }
}
