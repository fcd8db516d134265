export { createGateway } from './gateway.ts';
export type { Gateway } from './gateway.ts';
export { createRouteTable } from './router/route-table.ts';
export type { ModelInfo } from './router/route-table.ts';
export { apiKeyRecordSchema, createKeyVerifier, generateApiKey } from './auth/api-key.ts';
export type { ApiKeyRecord } from './auth/api-key.ts';
