// Solvers measured without a network: on laws that are known on every state, and on mixtures of known images.
export { type FewUnits, fewUnits, withRates } from './enumerable.ts'
export { type NoiseRow, noises, type OrderRow, orders, totalVariation } from './order.ts'
export { type Known, type Recovered, recovered } from './recovered.ts'
export { type Bench, type Recovery, recovery } from './recovery.ts'
export { type Rule, smoothError, stabilityLimit } from './stability.ts'
