/** What a process of one's own is made of, beside the draws: what all share in which no unit moves, a link, rates of a chain. */
export { statesLink } from './link/states.ts'
export { absorbingRates, uniformRates } from './rate-matrix.ts'
export { type Standing, type StandingOptions, standing } from './standing.ts'
