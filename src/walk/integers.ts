// The whole numbers nearest to a field, with exactly a given sum and none above a ceiling.

/** Values this close to a whole number (of relative size) are that number: what single precision leaves of it. */
const NEAR = 1e-6

/**
 * Writes whole numbers >= 0 of the sum `total`, each the one below or the one above of `field` [n] where that can be: the
 * largest remainders are rounded up (Hamilton's apportionment), which makes the sum of the squared differences as small as
 * it can be. None is above `ceiling`, unless even that everywhere would not hold the total; what a full site cannot hold
 * is spread so that the sum of the squared differences is again the least.
 */
export function nearestIntegers(
  field: Float64Array,
  { total, ceiling = Infinity }: { total: number; ceiling?: number },
  out: Int32Array,
): void {
  const n = field.length
  const most = Math.max(ceiling, Math.ceil(total / n))
  const rest = new Float64Array(n)
  let given = below(field, out, { lift: liftOf(field, total, most), most, rest })
  const step = given < total ? 1 : -1
  while (given !== total) given += step * stepped(out, rest, { step, wanted: Math.abs(total - given), most })
}

/** Writes the whole numbers below field + lift, within 0 … most, and what remains of it; returns their sum. */
function below(
  field: Float64Array,
  out: Int32Array,
  { lift, most, rest }: { lift: number; most: number; rest: Float64Array },
): number {
  let given = 0
  for (let x = 0; x < field.length; x++) {
    const wanted = field[x] + lift
    const nearest = Math.round(wanted)
    const whole = Math.abs(wanted - nearest) <= NEAR * Math.max(1, nearest) ? nearest : Math.floor(wanted)
    out[x] = Math.min(most, Math.max(0, whole))
    rest[x] = wanted - out[x]
    given += out[x]
  }
  return given
}

/** What all numbers must be raised by to have the sum `total` within 0 … most, by bisection; 0 where they have it. */
function liftOf(field: Float64Array, total: number, most: number): number {
  const sumAt = (lift: number) => {
    let sum = 0
    for (let x = 0; x < field.length; x++) sum += Math.min(most, Math.max(0, field[x] + lift))
    return sum
  }
  if (Math.abs(sumAt(0) - total) <= NEAR) return 0
  let [low, high] = [0, Math.min(most, total)]
  for (const value of field) low = Math.min(low, -value)
  for (let round = 0; round < 60; round++) {
    const lift = (low + high) / 2
    if (sumAt(lift) < total) low = lift
    else high = lift
  }
  return low
}

/** Moves as many sites as are wanted, and as there are, by one unit: those that gain most by it, the first of equal ones. */
function stepped(
  out: Int32Array,
  rest: Float64Array,
  { step, wanted, most }: { step: number; wanted: number; most: number },
): number {
  const able: number[] = []
  for (let x = 0; x < out.length; x++) if (step > 0 ? out[x] < most : out[x] > 0) able.push(x)
  able.sort((a, b) => step * (rest[b] - rest[a]) || a - b)
  const chosen = Math.min(wanted, able.length)
  for (let i = 0; i < chosen; i++) {
    out[able[i]] += step
    rest[able[i]] -= step
  }
  return chosen
}
