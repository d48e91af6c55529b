/** `saltus graph`: clusters and maps of graphs. */
import { Command } from 'commander'
import { clusterCommand } from './cluster.ts'
import { embedCommand } from './embed.ts'

export function graphCommand(): Command {
  return new Command('graph')
    .description('graphs: clusters of their nodes, and maps of points by the heat that spreads between them')
    .addCommand(clusterCommand())
    .addCommand(embedCommand())
}
