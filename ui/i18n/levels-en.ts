/** Licences and contracts that act by themselves, service levels; under the keys of levels-fr.ts. */
import type { levelsFr } from './levels-fr.ts'

export const levelsEn: Record<keyof typeof levelsFr, string> = {
  'register.questions': 'Questions asked',
  'register.questions.none': 'Nothing has been asked so far.',
  'register.questions.asked': 'Asked on {{date}}',
  'register.questions.waitsFor': 'waits for {{name}}',
  'register.reclaim': 'Unused seats',
  'register.reclaim.none': 'No holder has been asked.',
  'register.reclaim.waiting': 'Answer awaited',
  'register.reclaim.kept': 'Kept',
  'register.reclaim.reclaimed': 'Taken back',
  'register.reclaim.answerBy': 'answer by {{date}}',
  'register.reclaim.saved': 'Worth of it a year',
  'register.reclaim.noCost': 'cost not known',
  'register.reclaim.nextTerm': 'Next term',
  'register.reclaim.proposal.renew': 'renew as it is',
  'register.reclaim.proposal.reduce_one': 'reduce to {{count}} seat',
  'register.reclaim.proposal.reduce_other': 'reduce to {{count}} seats',
  'register.reclaim.proposal.end': 'end it: nobody uses it',
  'register.reclaim.saving': '({{amount}} less a year)',
  'portal.asksYou': 'Your answer is awaited',
}
