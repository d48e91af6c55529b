// The studio as it is built, in a browser: one build and one browser for all.
import { describe } from 'vitest'
import { chromium } from '../web/bundle.ts'
import { generating } from './generate.ts'
import { others } from './parts.ts'
import { platforms } from './platform.ts'
import { scanning } from './scan.ts'
import { withStudio } from './site.ts'

const why = chromium ? '' : ' (skipped: there is no /usr/bin/chromium, and CHROMIUM names none)'

describe.skipIf(!chromium)(`the studio${why}`, { timeout: 300_000 }, () => {
  withStudio()
  generating()
  scanning()
  others()
  platforms()
})
