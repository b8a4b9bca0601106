import type { TestProject } from 'vitest/node'
import { type Product, startProduct } from './product.ts'

declare module 'vitest' {
  interface ProvidedContext {
    product: Product
  }
}

/** One product for all journeys: each file brings tickets and people of its own, and puts back what it deployed. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { stop, ...product } = await startProduct()
  project.provide('product', product)
  return stop
}
