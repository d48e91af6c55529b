// The authors' schedule: times even in the logit of exp(-tau2 t), as in Blackout Diffusion and DSD eq. (2).

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { exp, expm1, log, log1p } from '../base/numeric.ts'
import { type Schedule, scheduleOf } from './schedule.ts'

/**
 * DSD eq. (2): with σ the logistic function, for k = 1 … T-1,
 *
 *     t_k = -ln σ( σ⁻¹(1 - e^{-tau1}) + (k-1)/(T-2) (σ⁻¹(e^{-tau1}) - σ⁻¹(1 - e^{-tau2})) ) / tau2
 *
 * here a function of u = (k-1)/(T-2). As σ⁻¹(1 - e^{-a}) = ln(e^a - 1) and σ⁻¹(e^{-a}) = -ln(e^a - 1), it is
 *
 *     t = ln(1 + e^z) / tau2,   z = -ln(e^{tau1} - 1) + u ln((e^{tau1} - 1)(e^{tau2} - 1))
 *
 * from -ln(1 - e^{-tau1}) / tau2 (2.2e-4 with the authors' 7.5 and 2.5, tuned by hand on MNIST and CIFAR) to 1.
 */
export function logit(options: { tau1?: number; tau2?: number } = {}): Schedule {
  demandGiven('build the logit schedule', { options }, { options: 'object' })
  const { tau1 = 7.5, tau2 = 2.5 } = options
  const what = 'build the logit schedule'
  for (const [name, value] of Object.entries({ tau1, tau2 }))
    demand(Number.isFinite(value) && value > 0 && value <= 700, what, name, 'in (0, 700]', value)
  const start = -log(expm1(tau1))
  const end = log(expm1(tau2))
  demand(end > start, what, '(e^tau1 - 1)(e^tau2 - 1)', '> 1', expm1(tau1) * expm1(tau2))
  const rise = end - start
  const at = (u: number) => start + u * rise
  return scheduleOf(
    { kind: 'logit', tau1, tau2 },
    {
      height: u => (at(u) > 0 ? at(u) + log1p(exp(-at(u))) : log1p(exp(at(u)))),
      derivative: u => rise / (1 + exp(-at(u))),
      inverse: height => (log(expm1(height)) - start) / rise,
    },
  )
}
