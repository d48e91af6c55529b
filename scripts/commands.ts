// docs/commands.md: the help of every command, as it is printed. `node dist/scripts/commands.js > docs/commands.md`
import { commandsPage } from '../src/cli/commands.ts'

process.stdout.write(await commandsPage())
