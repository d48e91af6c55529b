// The whole numbers nearest to a field, with exactly a given sum and none above a ceiling.

/** Values this close to a whole number (of relative size) are that number: what single precision leaves of it. */
const NEAR = 1e-6

/**
 * Writes whole numbers >= 0 of the sum `total`, each the one below or the one above of `field` [n] where that can be: the
 * largest remainders are rounded up (Hamilton's apportionment), which makes the sum of the squared differences as small as
 * it can be. None is above `ceiling`, unless even that everywhere would not hold the total; what a full site cannot hold
 * goes where the field asks for most beyond what it has.
 */
export function nearestIntegers(
  field: Float64Array,
  { total, ceiling = Infinity }: { total: number; ceiling?: number },
  out: Int32Array,
): void {
  const n = field.length
  const most = Math.max(ceiling, Math.ceil(total / n))
  const rest = new Float64Array(n)
  let given = 0
  for (let x = 0; x < n; x++) {
    const nearest = Math.round(field[x])
    const whole = Math.abs(field[x] - nearest) <= NEAR * Math.max(1, nearest) ? nearest : Math.floor(field[x])
    out[x] = Math.min(most, Math.max(0, whole))
    rest[x] = field[x] - out[x]
    given += out[x]
  }
  const step = given < total ? 1 : -1
  while (given !== total) given += step * stepped(out, rest, { step, wanted: Math.abs(total - given), most })
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
