import type { AuditAction, AuditCheck, AuditEntry } from '../../../shared/contract/audit.ts';
import type { Clock } from '../../platform/ports.ts';
import type { AuditStore } from '../../platform/stores.ts';
import { auditActorOf, tenantOf, type Actor } from './actor.ts';

/** The audit log; who is held to a tenant sees the lines about it. */
export interface AuditOffice {
  /** Newest first. */
  list(actor: Actor, limit: number): readonly AuditEntry[];
  verify(): AuditCheck;
  /** Adds a line about the server as a whole. */
  noteServer(actor: Actor, action: AuditAction, details: Readonly<Record<string, unknown>>): void;
}

export const createAuditOffice = (store: AuditStore, clock: Pick<Clock, 'nowMs'>): AuditOffice => ({
  list: (actor, limit) => store.list(limit, tenantOf(actor)),
  verify: () => {
    const { entries, brokenAtSeq } = store.verify();
    return { entries, isWhole: brokenAtSeq === null, brokenAtSeq };
  },
  noteServer: (actor, action, details) =>
    void store.append({
      atMs: clock.nowMs(),
      actor: auditActorOf(actor),
      action,
      tenantId: null,
      subject: 'server',
      details,
    }),
});
