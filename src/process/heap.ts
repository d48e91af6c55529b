// A binary heap of nodes by distance: the least first, of equal ones the least node, so that ties have one order.

export class Heap {
  length = 0
  private keys = new Float64Array(64)
  private nodes = new Int32Array(64)

  push(key: number, node: number): void {
    if (this.length === this.nodes.length) this.grow()
    const { keys, nodes } = this
    let at = this.length++
    while (at > 0) {
      const up = (at - 1) >> 1
      if (keys[up] < key || (keys[up] === key && nodes[up] <= node)) break
      keys[at] = keys[up]
      nodes[at] = nodes[up]
      at = up
    }
    keys[at] = key
    nodes[at] = node
  }

  /** The distance of the node that `pop` gives next. */
  least(): number {
    return this.keys[0]
  }

  /** The node that `pop` gives next. */
  first(): number {
    return this.nodes[0]
  }

  /** Takes out the first node; the heap must not be empty. */
  pop(): number {
    const { keys, nodes } = this
    const first = nodes[0]
    const length = --this.length
    const key = keys[length]
    const node = nodes[length]
    let at = 0
    for (;;) {
      let down = 2 * at + 1
      if (down >= length) break
      const right = down + 1
      if (
        right < length &&
        (keys[right] < keys[down] || (keys[right] === keys[down] && nodes[right] < nodes[down]))
      )
        down = right
      if (key < keys[down] || (key === keys[down] && node <= nodes[down])) break
      keys[at] = keys[down]
      nodes[at] = nodes[down]
      at = down
    }
    keys[at] = key
    nodes[at] = node
    return first
  }

  private grow(): void {
    const [keys, nodes] = [this.keys, this.nodes]
    this.keys = new Float64Array(2 * keys.length)
    this.nodes = new Int32Array(2 * nodes.length)
    this.keys.set(keys)
    this.nodes.set(nodes)
  }
}
