/** `saltus graph`: clusters and maps of graphs, and sets of small ones. */
import { Command } from 'commander'
import { clusterCommand } from './cluster.ts'
import { compareCommand } from './compare.ts'
import { embedCommand } from './embed.ts'

export function graphCommand(): Command {
  return new Command('graph')
    .description(
      'graphs: clusters of their nodes, maps of points by the heat that spreads between them, and how like sets of small ones are',
    )
    .addCommand(clusterCommand())
    .addCommand(embedCommand())
    .addCommand(compareCommand())
}
