// Four samples of a sandstone, each with pores in exactly a fifth of its voxels, as a TIFF stack and as a picture.
import { writeFileSync } from 'node:fs'
import { open } from 'saltus/node'

const rock = await open('berea')
const samples = await rock.generate({ porosity: 0.2, count: 4, seed: 1 })
for (const path of ['rock.tif', 'rock.png'])
  for (const { name, bytes } of await samples.files(path)) writeFileSync(name, bytes)
console.log(samples.said, samples.labels?.length, samples.fractions)
