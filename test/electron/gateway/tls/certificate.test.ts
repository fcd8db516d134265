import { generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCertificateStore } from '../../../../electron/gateway/tls/certificate-store.ts';
import { readIdentity } from '../../../../electron/gateway/tls/identity.ts';
import { makeCertificate } from '../../../../electron/gateway/tls/make-certificate.ts';
import { createNodeFiles } from '../../../../electron/platform/node/files.ts';
import { createNodeRandom } from '../../../../electron/platform/node/random.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createFakeLog } from '../../../support/fake-log.ts';

const day = 86_400_000;
const startMs = Date.UTC(2026, 0, 1);
const make = (names = ['mybox.local', '192.168.1.5', 'fd00::2'], { fromMs = startMs, days = 365 } = {}) =>
  makeCertificate(names, { serial: randomBytes(16), fromMs, untilMs: fromMs + days * day });

describe('a certificate of its own', () => {
  it('is one that Node reads, signed by itself, for its names and for nothing else', async () => {
    const { certPem } = await make();
    const certificate = new X509Certificate(certPem);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect([certificate.ca, certificate.keyUsage, certificate.validFrom, certificate.validTo]).toEqual([
      false,
      ['1.3.6.1.5.5.7.3.1'],
      'Jan  1 00:00:00 2026 GMT',
      'Jan  1 00:00:00 2027 GMT',
    ]);
    expect(certificate.subjectAltName).toBe(
      'DNS:mybox.local, IP Address:192.168.1.5, IP Address:FD00:0:0:0:0:0:0:2',
    );
    expect([certificate.checkHost('evil.example'), certificate.checkIP('192.168.1.6')]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('holds times past 2049 and many names', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `host-${index}.example`);
    const { certPem } = await make(names, { days: 365 * 40 });
    const certificate = new X509Certificate(certPem);
    expect(certificate.validToDate.getTime()).toBe(startMs + 365 * 40 * day);
    expect(names.every((name) => certificate.checkHost(name) === name)).toBe(true);
  });
});

describe('files that are no certificate and key', () => {
  const codeOf = (act: () => unknown): unknown => {
    try {
      act();
    } catch (error) {
      return error instanceof Error && 'code' in error ? error.code : error;
    }
    return 'taken';
  };

  it('are refused each with its own error', async () => {
    const [pair, other] = await Promise.all([make(), make()]);
    const sealed = generateKeyPairSync('ec', {
      namedCurve: 'prime256v1',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
    }).privateKey;
    const read = (given: Partial<typeof pair>, atMs = startMs + day) =>
      codeOf(() => readIdentity({ ...pair, ...given }, atMs));
    expect({
      good: read({}),
      noCertificate: read({ certPem: 'hello' }),
      noKey: read({ keyPem: pair.certPem }),
      sealedKey: read({ keyPem: sealed }),
      keyOfAnother: read({ keyPem: other.keyPem }),
      ended: read({}, startMs + 366 * day),
      notBegun: read({}, startMs - day),
    }).toEqual({
      good: 'taken',
      noCertificate: 'server.certificate-unreadable',
      noKey: 'server.certificate-unreadable',
      sealedKey: 'server.certificate-unreadable',
      keyOfAnother: 'server.certificate-mismatch',
      ended: 'server.certificate-expired',
      notBegun: 'server.certificate-expired',
    });
  });
});

describe('the certificate this machine keeps', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dyno-tls-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const open = (wallMs = startMs) =>
    createCertificateStore({
      files: createNodeFiles(),
      folders: { data: folder, models: '', resources: '' },
      clock: createFakeClock({ wallMs }),
      random: createNodeRandom(),
      log: createFakeLog(),
    });

  it('is made once, used again, and readable by its owner alone', async () => {
    expect(await open().kept()).toBeUndefined();
    const first = await open().selfSigned(['mybox.local', '192.168.1.5']);
    const again = await open(startMs + 300 * day).selfSigned(['192.168.1.5']);
    expect(again.fingerprint).toBe(first.fingerprint);
    if (process.platform !== 'win32') {
      const modes = ['server.pem', 'server-key.pem'].map(
        (name) => statSync(join(folder, 'tls', name)).mode % 0o1000,
      );
      expect(modes).toEqual([0o600, 0o600]);
    }
  });

  it('is made anew 30 days before it ends, for a new name, and where a crash broke it', async () => {
    const first = await open().selfSigned(['mybox.local']);
    const renewed = await open(startMs + 336 * day).selfSigned(['mybox.local']);
    expect(renewed.fingerprint).not.toBe(first.fingerprint);
    expect(renewed.endsAtMs).toBe(startMs + (336 + 365) * day);
    const wider = await open(startMs + 337 * day).selfSigned(['mybox.local', '10.0.0.1']);
    expect([wider.covers('10.0.0.1'), wider.fingerprint === renewed.fingerprint]).toEqual([true, false]);
    writeFileSync(join(folder, 'tls', 'server-key.pem'), (await make()).keyPem);
    expect(await open(startMs + 338 * day).kept()).toBeUndefined();
    const mended = await open(startMs + 338 * day).selfSigned(['mybox.local']);
    expect(mended.fingerprint).not.toBe(wider.fingerprint);
  });
});
