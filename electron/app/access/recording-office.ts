import type { RecordedRequest, RecordingStatus } from '../../../shared/contract/recording.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { createRecordingDesk, type RecordingDesk } from '../../gateway/index.ts';
import type { Clock } from '../../platform/ports.ts';
import type { AuditStore } from '../../platform/stores.ts';
import { auditActorOf, type Actor } from './actor.ts';

/** Who may look at what requests said, and since when: every turn of the switch is a line of the audit log. */
export interface RecordingOffice {
  /** For the gateway, which writes into it. */
  readonly desk: RecordingDesk;
  status(): RecordingStatus;
  turn(actor: Actor, isOn: boolean): RecordingStatus;
  /** @throws AppError `app.not-found` for a request that was not recorded, or is no longer kept */
  get(requestId: string): RecordedRequest;
}

export const createRecordingOffice = ({
  clock,
  audit,
}: {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly audit: AuditStore;
}): RecordingOffice => {
  const desk = createRecordingDesk();
  return {
    desk,
    status: desk.status,
    turn: (actor, isOn) => {
      if (desk.status().isOn === isOn) return desk.status();
      audit.append({
        atMs: clock.nowMs(),
        actor: auditActorOf(actor),
        action: isOn ? 'recording.started' : 'recording.ended',
        tenantId: null,
        subject: 'server',
        details: {},
      });
      return desk.turn(isOn);
    },
    get: (requestId) => {
      const found = desk.get(requestId);
      if (found !== undefined) return found;
      const { isOn, limit } = desk.status();
      throw new AppError('app.not-found', `What request ${requestId} said was not kept.`, {
        hint: isOn
          ? `The newest ${limit} requests are kept; send it again.`
          : 'Turn recording on, then send it again.',
      });
    },
  };
};
