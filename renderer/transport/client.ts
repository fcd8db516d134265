import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../shared/contract/index.ts';
import type { Connection } from './connection.ts';

/** The typed client of everything the host can do. */
export type Client = ContractRouterClient<Contract>;

export const createClient = (connection: Pick<Connection, 'link'>): Client =>
  createORPCClient<Client>(connection.link);
