import { createServer } from 'node:net'

/** Whether nothing listens on this port of the loopback interface (and, for `0.0.0.0`, of all interfaces). */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}

/** A port chosen by the operating system. Another process may take it before you do: listen soon, retry when refused. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = probe.address()
      if (address === null || typeof address === 'string') return reject(new Error(`expected a TCP address, found ${address}`))
      probe.close(() => resolve(address.port))
    })
  })
}

/** `wanted` when it is free, else a free port near it, else any. */
export async function portNear(wanted: number, host = '127.0.0.1'): Promise<number> {
  for (let port = wanted; port < wanted + 20 && port < 65_536; port++) if (await isPortFree(port, host)) return port
  return freePort()
}
