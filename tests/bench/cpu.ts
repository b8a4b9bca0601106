import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks per second of /proc; 100 on every Linux that Node runs on. */
const ticksPerSecond = 100

interface Usage {
  parent: number
  /** CPU of the process and of its ended children, ticks. */
  ticks: number
}

function usages(): Map<number, Usage> {
  const found = new Map<number, Usage>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      // The program's name, in parentheses, may hold spaces.
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')
      const [user, system, endedUser, endedSystem] = fields.slice(11, 15).map(Number) as [number, number, number, number]
      found.set(Number(name), { parent: Number(fields[1]), ticks: user + system + endedUser + endedSystem })
    } catch {
      // It ended in this moment; its parent has its ticks.
    }
  }
  return found
}

/** CPU milliseconds that a process and all its descendants, ended ones included, have used until now. Linux only. */
export function cpuMs(root: number): number {
  const all = usages()
  let ticks = 0
  const queue = [root]
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    ticks += all.get(pid)?.ticks ?? 0
    for (const [child, { parent }] of all) if (parent === pid) queue.push(child)
  }
  return (ticks * 1_000) / ticksPerSecond
}
