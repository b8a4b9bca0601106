/**
 * The OpenAPI 3.1 document, made from the route registry. Schemas go through zod's own JSON Schema writer: 3.1 is JSON Schema 2020-12, and it
 * takes recursive schemas (any JSON value), which converters by walking do not.
 */
import { z } from 'zod'
import { Problem } from '#schema/problem'
import type { Access, Route } from './route.ts'

type JsonObject = Record<string, unknown>

/** Recursive parts come as `$defs` of each schema: they are hoisted to the document's components, under names of their own. */
function hoist(schema: JsonObject, name: string, components: JsonObject): JsonObject {
  const { $defs, $schema: _dropped, ...rest } = schema
  let text = JSON.stringify(rest)
  for (const [key, value] of Object.entries(($defs ?? {}) as JsonObject)) {
    const own = `${name}_${key.replace(/^_+/, '')}`
    const rename = (s: string) => s.replaceAll(`"#/$defs/${key}"`, `"#/components/schemas/${own}"`)
    text = rename(text)
    components[own] = JSON.parse(rename(JSON.stringify(value)))
  }
  return JSON.parse(text)
}

const jsonSchema = (schema: z.ZodType, name: string, io: 'input' | 'output', components: JsonObject): JsonObject =>
  hoist(z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' }) as JsonObject, name, components)

const sayAccess = (access: Access): string =>
  access === 'public' ? 'No sign-in needed.' : access === 'anyone' ? 'Any signed-in person.' : `Roles: ${access.join(', ')}.`
const nameOf = (route: Route): string =>
  `${route.method}${route.path.replace(/\{(\w+)\}/g, 'By-$1').replace(/[^A-Za-z0-9]+(\w)?/g, (_, letter?: string) => (letter ?? '').toUpperCase())}`

function parametersOf(route: Route, name: string, components: JsonObject): JsonObject[] {
  const part = (where: 'path' | 'query', schema: unknown): JsonObject[] => {
    if (!schema) return []
    const object = jsonSchema(schema as z.ZodType, `${name}_${where}`, 'input', components)
    const required = new Set((object['required'] ?? []) as string[])
    return Object.entries((object['properties'] ?? {}) as JsonObject).map(([key, value]) => ({
      name: key,
      in: where,
      required: where === 'path' || required.has(key),
      schema: value,
    }))
  }
  const idempotency =
    route.method === 'get' || route.access === 'public'
      ? []
      : [
          {
            name: 'Idempotency-Key',
            in: 'header',
            required: false,
            schema: { type: 'string', maxLength: 200 },
            description: 'The same call again under the same key gets the first answer.',
          },
        ]
  return [...part('path', route.params), ...part('query', route.query), ...idempotency]
}

function bodyOf(route: Route, name: string, components: JsonObject): JsonObject | undefined {
  if (route.body)
    return {
      required: true,
      content: { 'application/json': { schema: jsonSchema(route.body as z.ZodType, `${name}_body`, 'input', components) } },
    }
  if (route.rawBody)
    return {
      required: true,
      description: route.rawBody.description,
      content: { [route.rawBody.mediaType]: { schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } } } },
    }
  return undefined
}

function responsesOf(route: Route, name: string, components: JsonObject): JsonObject {
  const problem = (codes: readonly string[]) => ({
    description: codes.join(', '),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  })
  const status = String(route.status ?? (route.response || route.answers ? 200 : 204))
  const good = route.response
    ? {
        description: 'Done',
        content: { 'application/json': { schema: jsonSchema(route.response, `${name}_answer`, 'output', components) } },
      }
    : route.answers
      ? { description: route.answers.description, content: { [route.answers.mediaType]: {} } }
      : { description: 'Done, nothing to say' }
  const guarded =
    route.access === 'public'
      ? {}
      : { 401: problem(['notSignedIn']), ...(route.access === 'anyone' ? {} : { 403: problem(['forbidden']) }) }
  const invalid = route.body || route.query || route.params ? { 422: problem(['invalidCall', ...(route.problems?.[422] ?? [])]) } : {}
  const own = Object.fromEntries(
    Object.entries(route.problems ?? {})
      .filter(([code]) => code !== '422')
      .map(([code, codes]) => [code, problem(codes)]),
  )
  return { [status]: good, ...guarded, ...own, ...invalid }
}

export function openApiDocument(routes: readonly Route[], publicUrl: string): JsonObject {
  const components: JsonObject = { Problem: jsonSchema(Problem, 'Problem', 'output', {}) }
  const paths: Record<string, JsonObject> = {}
  for (const route of routes) {
    const name = nameOf(route)
    const requestBody = bodyOf(route, name, components)
    paths[`/api/v1${route.path}`] ??= {}
    ;(paths[`/api/v1${route.path}`] as JsonObject)[route.method] = {
      operationId: name,
      tags: [route.tag],
      summary: route.summary,
      description: [route.description, sayAccess(route.access)].filter(Boolean).join('\n\n'),
      parameters: parametersOf(route, name, components),
      ...(requestBody ? { requestBody } : {}),
      responses: responsesOf(route, name, components),
      security: route.access === 'public' ? [] : [{ session: [] }, { apiKey: [] }],
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Guichet',
      version: '1',
      description:
        'A service desk whose processes are BPMN diagrams that really run. Lists are paged by `cursor` and `limit`; refusals are problem+json (RFC 9457) with a stable `code` and a `remedy` in the language of the caller; writes take an `Idempotency-Key`.',
    },
    servers: [{ url: publicUrl }],
    tags: [...new Set(routes.map((r) => r.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'guichet.session_token', description: 'Set by POST /api/auth/sign-in/email.' },
        apiKey: { type: 'http', scheme: 'bearer', description: 'A key that an administrator made: gk_…' },
      },
    },
  }
}
