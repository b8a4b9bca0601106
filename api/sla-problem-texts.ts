/** What refusals about service levels say. */
import { entry } from './problem-text.ts'

export const slaCatalogue = {
  recomputationNotFound: entry(
    ['Comparaison introuvable', 'Aucune comparaison « {id} ».', 'Revenez à la page des engagements.'],
    ['Comparison not found', 'There is no comparison “{id}”.', 'Go back to the page of service levels.'],
  ),
  recomputationState: entry(
    ['Action impossible maintenant', 'La comparaison est à l’état « {state} ».', 'Rechargez la page : elle montre ce qui est possible.'],
    ['Not possible now', 'The comparison is {state}.', 'Reload the page: it shows what is possible.'],
  ),
  recomputationNotDeployed: entry(
    [
      'Ce qui a été comparé n’est pas déployé',
      'La comparaison porte sur la version {version}, qui n’est pas, telle quelle, la version déployée.',
      'Déployez ce qui a été comparé, ou comparez de nouveau avec la version déployée.',
    ],
    [
      'What was compared is not deployed',
      'The comparison is about version {version}, which is not, as it was, the deployed version.',
      'Deploy what was compared, or compare again with the deployed version.',
    ],
  ),
}
