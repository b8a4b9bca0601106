import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createRequire } from 'node:module'
import { z } from 'zod'
import { openApiDocument } from '../openapi.ts'
import { ApiProblem } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'

const uiFolder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
/** What the reference page loads; everything else of the package stays private. */
const assets: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
}
const starter = `window.addEventListener('load', () => { SwaggerUIBundle({ url: '/api/v1/openapi.json', dom_id: '#reference', deepLinking: true, docExpansion: 'none', defaultModelsExpandDepth: -1, persistAuthorization: false, validatorUrl: null }) })`
const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Guichet API</title>
<link rel="icon" href="/api/v1/docs/favicon-32x32.png"><link rel="stylesheet" href="/api/v1/docs/swagger-ui.css"></head>
<body><div id="reference"></div><script src="/api/v1/docs/swagger-ui-bundle.js"></script><script src="/api/v1/docs/start.js"></script></body></html>`
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"

/** The document lists all routes, these included; so the registry passes itself in. */
export const docsRoutes = (allRoutes: () => readonly Route[]): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/openapi.json',
    access: 'public',
    tag: 'Operation',
    summary: 'This description, OpenAPI 3.1',
    answers: { mediaType: 'application/json', description: 'The OpenAPI document' },
    handle: async ({ deps, c }) => c.json(openApiDocument(allRoutes(), deps.config.publicUrl)),
  }),
  defineRoute({
    method: 'get',
    path: '/docs',
    access: 'public',
    tag: 'Operation',
    summary: 'This description, to read and to try',
    answers: { mediaType: 'text/html', description: 'The reference page' },
    handle: async ({ c }) => c.html(page, 200, { 'content-security-policy': policy }),
  }),
  defineRoute({
    method: 'get',
    path: '/docs/{asset}',
    access: 'public',
    tag: 'Operation',
    summary: 'Parts of the reference page',
    params: z.object({ asset: z.string().max(60) }),
    answers: { mediaType: 'text/plain', description: 'Script, style or icon' },
    problems: { 404: ['notFound'] },
    handle: async ({ params }) => {
      if (params.asset === 'start.js') return new Response(starter, { headers: { 'content-type': 'text/javascript; charset=utf-8' } })
      const type = Object.hasOwn(assets, params.asset) ? assets[params.asset] : undefined
      if (!type) throw new ApiProblem(404, 'notFound')
      return new Response(new Uint8Array(await readFile(join(uiFolder, params.asset))), {
        headers: { 'content-type': type, 'cache-control': 'public, max-age=86400' },
      })
    },
  }),
]
