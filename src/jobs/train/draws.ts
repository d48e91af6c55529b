/** Networks that draw origins: the field of the job that asks for one, and what does not go with it. */
import { refused } from '../../base/errors.ts'
import { whole } from '../fields.ts'

export const drawsField = whole({
  help: 'a network that draws origins by noise that it is shown, instead of their mean, taught by the energy score of so many draws of each state: for few calls (saltus distill)',
  least: 2,
  most: 64,
})

/** Origins are drawn by one network that sees an image as a whole, and by a score that leaves nothing to be weighed beside. */
export function demandDraws(
  {
    draws,
    population,
    weight,
  }: { readonly draws?: number; readonly population?: number; readonly weight: string },
  process: string,
): void {
  if (draws === undefined) return
  if (process === 'joint' || process === 'edges')
    throw refused('train', 'draws', `left out with --process ${process}`, draws)
  if (population !== undefined) throw refused('train', 'draws', 'left out with --population', draws)
  if (weight !== 'even') throw refused('train', 'draws', 'left out with --weight', draws)
}
