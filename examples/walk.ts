// The pieces below: an exact walk forth, and the way back with the exact origin of a law that is known.
import { ancestral, lattice, mixture, random, sample, spatial } from 'saltus'

const grid = lattice([32, 32], 'periodic')
const walk = spatial({ lattice: grid })
const image = new Int32Array(1024)
image[500] = 26_000
const noisy = new Int32Array(1024)
walk.corrupt(image, 0.01, { random: random(1), noisy }) // exact at any time, mass kept

// The exact origin of a law of one image; a network's comes from `originFunction`.
const { origin } = mixture({ lattice: grid, rate: walk.rate, images: [image] })
const options = { process: walk, solver: ancestral({ calls: 16 }), origin, seed: 1, batch: 1 }
const { counts } = await sample({ ...options, masses: [[26_000]] })
console.log(counts[500])
