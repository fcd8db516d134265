import { z } from 'zod';
import { base, none } from './base.ts';

/** Who asks such an address would send what is before its @ along; see `Outbound`. */
const holdsName = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && url.username + url.password !== '';
};

/** Where alerts are sent, besides the window and the audit log. */
export const alertHookSchema = z.object({
  /** Takes a POST with JSON: `text` and `content` for people (Slack, Mattermost, Discord), the rest for programs. */
  url: z
    .url({ protocol: /^https?$/u, error: 'It must be an http or https address.' })
    .max(2048)
    .refine(
      (text) => !holdsName(text),
      'It must hold no name or password: leave out what stands before the @.',
    ),
  /** An address of this machine or of its own network is meant. */
  allowsPrivate: z.boolean().default(false),
});
export type AlertHook = z.output<typeof alertHookSchema>;

/** How the newest alert fared. */
export const alertDeliverySchema = z.object({
  atMs: z.number(),
  attempts: z.number().int(),
  /** What went wrong last; `null`: it was taken. */
  problem: z.string().nullable(),
});
export type AlertDelivery = z.infer<typeof alertDeliverySchema>;

export const alertStateSchema = z.object({
  hook: alertHookSchema.nullable(),
  delivery: alertDeliverySchema.nullable(),
  /** Alerts that wait for another try. */
  waiting: z.number().int(),
});
export type AlertState = z.infer<typeof alertStateSchema>;

export const alertProcedures = {
  /** The address may hold a secret, so it is for who may change it. */
  state: base.route({ method: 'GET', path: '/alerts' }).input(none).output(alertStateSchema),
  /** `null`: nowhere. */
  setHook: base
    .route({ method: 'PUT', path: '/alerts' })
    .input(z.object({ hook: alertHookSchema.nullable() }))
    .output(alertStateSchema),
  /** Sends one alert now, once. */
  test: base.route({ method: 'POST', path: '/alerts/test' }).input(none).output(alertDeliverySchema),
};
