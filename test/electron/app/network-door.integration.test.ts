import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { hostActor, type Actor } from '../../../electron/app/access/actor.ts';
import { makeCertificate } from '../../../electron/gateway/tls/make-certificate.ts';
import { keyCreateInputSchema } from '../../../shared/contract/keys.ts';
import { networkInputSchema } from '../../../shared/contract/network.ts';
import { openServerControl } from '../../support/open-server-control.ts';
import { otherAddress } from '../../support/other-address.ts';
import { createPrincipal } from '../../support/principal.ts';
import { thrownBy } from '../../support/thrown-by.ts';

type Opened = Awaited<ReturnType<typeof openServerControl>>;

const listen = { type: 'network' as const, addresses: [otherAddress()], hosts: ['mybox.local'] };
const input = networkInputSchema.parse(listen);
const files = { type: 'files' as const, certPath: '/tls/cert.pem', keyPath: '/tls/key.pem' };

const makeKey = ({ access }: Opened, wish: object = {}) =>
  access.keys.create(hostActor, keyCreateInputSchema.parse({ name: 'laptop', ...wish }));
const networkOf = ({ control }: Opened) => {
  const status = control.status();
  return status.type === 'on' ? status.network : undefined;
};
/** Acts on the server as a whole, oldest first. */
const turns = ({ access }: Opened) =>
  access.audit
    .list(hostActor, 100)
    .filter(({ subject }) => subject === 'server')
    .reverse();

it('opens to nobody: a key that is no owner’s, still good and for asking models, comes first', async () => {
  await using opened = await openServerControl();
  await opened.clock.runUntil(opened.start());
  const refused = async () => (await thrownBy(() => opened.control.openNetwork(input, hostActor))).code;
  expect(await refused()).toBe('server.no-network-key');
  makeKey(opened, { role: 'owner' });
  makeKey(opened, { role: 'viewer' });
  const revoked = makeKey(opened);
  opened.access.keys.revoke(hostActor, revoked.key.id);
  expect([await refused(), opened.control.networkChoices().keys]).toEqual(['server.no-network-key', 0]);
  expect((await thrownBy(() => opened.start('other', [], listen))).code).toBe('server.no-network-key');
  expect(opened.control.status()).toMatchObject({ type: 'on', modelId: 'bundled', network: null });
});

it('opens and closes without loading anything anew, and each turn is a line of the audit log', async () => {
  await using opened = await openServerControl();
  makeKey(opened);
  await opened.clock.runUntil(opened.start());
  await opened.control.openNetwork(input, hostActor);
  const open = networkOf(opened);
  expect(open).toMatchObject({ hosts: ['mybox.local'], warnings: [], tls: { type: 'selfSigned' } });
  const key: Actor = { type: 'key', principal: createPrincipal({ role: 'operator' }) };
  await opened.control.closeNetwork(key);
  await opened.control.closeNetwork(key);
  expect([networkOf(opened), opened.control.networkChoices().last]).toEqual([null, input]);
  expect(turns(opened)).toMatchObject([
    {
      action: 'server.opened',
      actor: { type: 'host' },
      details: { tls: 'selfSigned', hosts: ['mybox.local'] },
    },
    { action: 'server.closed', actor: { type: 'key', keyId: 'k' } },
  ]);
  expect(opened.types.filter((type) => type === 'starting')).toHaveLength(2);
});

it('is closed again when it is started anew, stopped, or its engine goes', async () => {
  await using opened = await openServerControl();
  makeKey(opened);
  await opened.clock.runUntil(opened.start('first', [], listen));
  expect(networkOf(opened)).not.toBeNull();
  await opened.clock.runUntil(opened.start('second'));
  expect(networkOf(opened)).toBeNull();
  await opened.control.openNetwork(input, hostActor);
  await opened.control.stop(hostActor);
  const again = await opened.clock.runUntil(opened.start('third', [], listen));
  if (again.type === 'on') await opened.engines.unload(again.replicaId);
  await opened.control.stop(hostActor);
  expect(turns(opened).map(({ action, actor }) => [action, actor.type])).toEqual([
    ['server.opened', 'host'],
    ['server.closed', 'host'],
    ['server.opened', 'host'],
    ['server.closed', 'host'],
    ['server.opened', 'host'],
    ['server.closed', 'dyno'],
  ]);
});

it('is opened by its owner alone, by whatever way it is asked', async () => {
  await using opened = await openServerControl();
  makeKey(opened);
  const operator: Actor = { type: 'key', principal: createPrincipal({ role: 'operator' }) };
  expect((await thrownBy(() => opened.start('m', [], listen, operator))).code).toBe(
    'gateway.insufficient-permissions',
  );
  await opened.clock.runUntil(opened.start('m', [], undefined, operator));
  expect((await thrownBy(() => opened.control.openNetwork(input, operator))).code).toBe(
    'gateway.insufficient-permissions',
  );
});

it('takes certificate files, says what is wrong with them before anything is closed, and follows their renewal', async () => {
  await using opened = await openServerControl();
  makeKey(opened);
  await opened.clock.runUntil(opened.start('good'));
  const wish = networkInputSchema.parse({ ...listen, tls: files });
  const refused = async () =>
    (await thrownBy(() => opened.start('other', [], { ...listen, tls: files }))).code;
  const put = async (names: readonly string[], keyPem?: string): Promise<void> => {
    const nowMs = opened.clock.nowMs();
    const made = await makeCertificate(names, {
      serial: randomBytes(16),
      fromMs: nowMs,
      untilMs: nowMs + 86_400_000,
    });
    await opened.files.writeText(files.certPath, made.certPem);
    await opened.files.writeText(files.keyPath, keyPem ?? made.keyPem);
  };
  expect(await refused()).toBe('files.not-found');
  await put(['mybox.local'], 'no key');
  expect(await refused()).toBe('server.certificate-unreadable');
  expect(opened.control.status()).toMatchObject({ type: 'on', modelId: 'good' });

  await put(['mybox.local']);
  await opened.control.openNetwork(wish, hostActor);
  const first = networkOf(opened);
  expect(first?.warnings).toEqual([
    `The certificate is not made out to ${otherAddress()}: clients that call it so refuse it.`,
  ]);
  await put(['mybox.local', otherAddress()]);
  await opened.clock.advance(3_600_000);
  while (networkOf(opened)?.warnings.length !== 0) await new Promise((resolve) => setImmediate(resolve));
  const next = networkOf(opened);
  expect(
    next?.tls.type === 'files' &&
      first?.tls.type === 'files' &&
      next.tls.fingerprint !== first.tls.fingerprint,
  ).toBe(true);
});

it.skipIf(process.platform !== 'linux')(
  'says that it is closed where a new way cannot be opened in place of the old one',
  async () => {
    await using opened = await openServerControl();
    makeKey(opened);
    const started = await opened.clock.runUntil(opened.start());
    await opened.control.openNetwork(input, hostActor);
    const told = opened.types.length;
    const taken = createServer().listen(started.type === 'on' ? started.port : 0, '127.0.0.3');
    await once(taken, 'listening');
    const other = networkInputSchema.parse({ addresses: ['127.0.0.3'] });
    const failure = await thrownBy(() => opened.control.openNetwork(other, hostActor));
    taken.close();
    expect([failure.code, networkOf(opened), opened.types.length]).toEqual([
      'app.port-in-use',
      null,
      told + 1,
    ]);
    expect(turns(opened).map(({ action }) => action)).toEqual(['server.opened', 'server.closed']);
    await opened.control.openNetwork(other, hostActor);
    expect(networkOf(opened)?.addresses).toEqual(['127.0.0.3']);
  },
);

it('warns where keys travel in clear, which happens only where it is asked for', async () => {
  await using opened = await openServerControl();
  makeKey(opened);
  const wish = { ...listen, tls: { type: 'none' as const } };
  await opened.clock.runUntil(opened.start('m', [], wish));
  const network = networkOf(opened);
  expect([network?.tls, network?.urls[0]]).toEqual([
    { type: 'none' },
    expect.stringMatching(/^http:\/\/mybox\.local:\d+\/v1$/u),
  ]);
  expect(network?.warnings[0]).toContain('in clear');
});
