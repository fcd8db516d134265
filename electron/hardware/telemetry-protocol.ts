import { z } from 'zod';
import { telemetrySampleSchema } from '../../shared/contract/hardware.ts';
import { errorPayloadSchema } from '../../shared/contract/common.ts';
import { machineFactsSchema } from './facts/machine-facts.ts';

/** Messages between the host and the telemetry worker. The worker says `ready`, then does what it is told. */
export const telemetryTaskSchema = z.discriminatedUnion('type', [
  /** Sample every `intervalMs` until stopped. */
  z.object({ type: z.literal('sample'), intervalMs: z.number().min(50) }),
  /** Gather the facts of the machine once. */
  z.object({ type: z.literal('facts') }),
]);
export type TelemetryTask = z.infer<typeof telemetryTaskSchema>;

export const telemetryReplySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('sample'), sample: telemetrySampleSchema }),
  z.object({ type: z.literal('facts'), facts: machineFactsSchema }),
  z.object({ type: z.literal('failed'), error: errorPayloadSchema }),
]);
export type TelemetryReply = z.infer<typeof telemetryReplySchema>;
