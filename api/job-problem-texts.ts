import { entry } from './problem-text.ts'

/** Jobs of the customer's own workers. */
export const jobCatalogue = {
  jobNotFound: entry(
    ['Travail introuvable', 'Aucun travail « {id} ».', 'Prenez l’identifiant que la prise de travail a donné.'],
    ['Job not found', 'There is no job “{id}”.', 'Use the id that fetching gave.'],
  ),
  jobEnded: entry(
    ['Travail déjà terminé', 'Le processus n’attend plus ce travail ({state}).', 'Abandonnez-le et prenez-en un autre.'],
    ['Job already ended', 'The process does not wait for this job any more ({state}).', 'Drop it and fetch another.'],
  ),
  jobNotHeld: entry(
    [
      'Travail pris par un autre',
      'Ce travail n’est pas (ou plus) verrouillé par « {worker} ».',
      'Prenez-le à nouveau, avec un verrou plus long ou prolongé à temps.',
    ],
    [
      'Job held by another',
      'This job is not (any more) locked by “{worker}”.',
      'Fetch it again, with a longer lock or one extended in time.',
    ],
  ),
}
