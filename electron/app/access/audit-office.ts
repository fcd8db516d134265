import type { AuditCheck, AuditEntry } from '../../../shared/contract/audit.ts';
import type { AuditStore } from '../../platform/stores.ts';
import { tenantOf, type Actor } from './actor.ts';

/** Reads the audit log; who is held to a tenant sees the lines about it. */
export interface AuditOffice {
  /** Newest first. */
  list(actor: Actor, limit: number): readonly AuditEntry[];
  verify(): AuditCheck;
}

export const createAuditOffice = (store: AuditStore): AuditOffice => ({
  list: (actor, limit) => store.list(limit, tenantOf(actor)),
  verify: () => {
    const { entries, brokenAtSeq } = store.verify();
    return { entries, isWhole: brokenAtSeq === null, brokenAtSeq };
  },
});
