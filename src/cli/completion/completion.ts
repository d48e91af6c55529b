/** `saltus completion`: a script by which a shell completes the words of commands and their flags. */
import { Argument, Command } from 'commander'

export function completionCommand(program: () => Promise<Command>): Command {
  return new Command('completion')
    .description('print a script that lets a shell complete commands and flags')
    .addArgument(new Argument('<shell>').choices(Object.keys(scripts)))
    .addHelpText(
      'after',
      `
Examples:
  saltus completion bash >> ~/.bashrc
  saltus completion zsh >> ~/.zshrc
  saltus completion fish > ~/.config/fish/completions/saltus.fish`,
    )
    .action(async (shell: keyof typeof scripts) => {
      process.stdout.write(scripts[shell](wordsOf(await program())))
    })
}

/** What may follow a command: the words after it, by the words that call it. */
type Words = ReadonlyMap<string, readonly string[]>

function wordsOf(program: Command): Words {
  const found = new Map<string, string[]>()
  const walk = (command: Command, called: string) => {
    const flags = command.options.filter(({ hidden }) => !hidden).flatMap(({ long }) => long ?? [])
    found.set(called, [...command.commands.map(one => one.name()), ...flags, '--help'])
    for (const one of command.commands) walk(one, `${called} ${one.name()}`.trim())
  }
  walk(program, '')
  return found
}

const scripts = {
  bash: (words: Words) => `${bashFunction(words)}complete -o default -F _saltus saltus\n`,
  zsh: (words: Words) =>
    `autoload -Uz bashcompinit && bashcompinit\n${bashFunction(words)}complete -o default -F _saltus saltus\n`,
  fish: (words: Words) =>
    [...words]
      .flatMap(([called, list]) =>
        list.map(word => {
          const before =
            called === ''
              ? '__fish_use_subcommand'
              : `__fish_seen_subcommand_from ${called.split(' ').at(-1)}`
          return `complete -c saltus -n '${before}' ${word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`}\n`
        }),
      )
      .join(''),
} as const

/** The words that are no flags tell the command; the longest that is known wins. */
const bashFunction = (words: Words): string => `_saltus() {
  local called="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$called $word" in
${[...words.keys()]
  .filter(called => called !== '')
  .map(called => `      "${called.includes(' ') ? called : ` ${called}`}") called="${called}" ;;`)
  .join('\n')}
    esac
  done
  case "$called" in
${[...words].map(([called, list]) => `    "${called}") COMPREPLY=($(compgen -W "${list.join(' ')}" -- "\${COMP_WORDS[COMP_CWORD]}")) ;;`).join('\n')}
  esac
}
`
