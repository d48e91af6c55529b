/** Exact random draws of counts: the binomial, Poisson and multinomial laws for every parameter. */

export { binomial } from './binomial.ts'
export { type Counts, multinomial, scatter } from './multinomial.ts'
export { poisson } from './poisson.ts'
