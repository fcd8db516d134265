import { createPrivateKey, X509Certificate } from 'node:crypto';
import { AppError } from '../../../shared/errors/app-error.ts';
import { addressBytes } from '../../../shared/units/address-bytes.ts';
import type { PemPair } from './make-certificate.ts';

/** What a server proves itself with. */
export interface TlsIdentity extends PemPair {
  /** SHA-256 over the certificate, as `openssl x509 -fingerprint -sha256` writes it. */
  readonly fingerprint: string;
  readonly endsAtMs: number;
  /** True for a name or an address that the certificate is made out to. */
  covers(name: string): boolean;
}

const hint = 'Give a certificate and its unencrypted private key, both as PEM, or use --tls self-signed.';

const parse = <Parsed>(what: string, act: () => Parsed): Parsed => {
  try {
    return act();
  } catch (cause) {
    throw new AppError('server.certificate-unreadable', `${what} cannot be read.`, { hint, cause });
  }
};

/**
 * Checks that certificate and key are whole, belong together and are valid now. The first certificate of a chain counts.
 * @throws AppError `server.certificate-unreadable`, `server.certificate-mismatch`, `server.certificate-expired`
 */
export const readIdentity = ({ certPem, keyPem }: PemPair, nowMs: number): TlsIdentity => {
  const certificate = parse('The certificate', () => new X509Certificate(certPem));
  const key = parse('The private key', () => createPrivateKey(keyPem));
  if (!certificate.checkPrivateKey(key)) {
    throw new AppError('server.certificate-mismatch', undefined, {
      hint: 'Give the key the certificate was made with.',
    });
  }
  const [fromMs, endsAtMs] = [certificate.validFromDate.getTime(), certificate.validToDate.getTime()];
  if (nowMs < fromMs || nowMs > endsAtMs) {
    throw new AppError(
      'server.certificate-expired',
      nowMs > endsAtMs
        ? `The certificate ended on ${certificate.validTo}.`
        : `The certificate begins on ${certificate.validFrom}.`,
      { hint: 'Renew it, or use --tls self-signed.' },
    );
  }
  return {
    certPem,
    keyPem,
    fingerprint: certificate.fingerprint256,
    endsAtMs,
    covers: (name) =>
      (addressBytes(name) === undefined ? certificate.checkHost(name) : certificate.checkIP(name)) !==
      undefined,
  };
};
