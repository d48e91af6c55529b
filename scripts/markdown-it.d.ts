/** What is used of markdown-it, also where only what saltus itself needs is installed. */
declare module 'markdown-it' {
  interface Token {
    readonly type: string
    content: string
    children: Token[] | null
    attrGet(name: string): string | null
    attrSet(name: string, value: string): void
  }

  export default class MarkdownIt {
    constructor(options?: { readonly html?: boolean; readonly linkify?: boolean })
    parse(text: string, env: object): Token[]
    readonly renderer: { render(tokens: Token[], options: object, env: object): string }
    readonly options: object
  }
}
