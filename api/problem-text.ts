/** What one problem code says to people, in both languages. `{name}` is filled from the problem's params. */
export interface ProblemText {
  title: string
  detail?: string
  remedy?: string
}
export interface ProblemEntry {
  fr: ProblemText
  en: ProblemText
}

type Words = [title: string, detail?: string, remedy?: string]
const text = ([title, detail, remedy]: Words): ProblemText => ({ title, ...(detail && { detail }), ...(remedy && { remedy }) })

export const entry = (fr: Words, en: Words): ProblemEntry => ({ fr: text(fr), en: text(en) })
