import { Checkbox, Select, TagsInput, TextInput } from '@mantine/core';
import type { NetworkChoices } from '../../../../shared/contract/network.ts';
import classes from './network.module.css';
import { listProblem, tlsTypes, type NetworkForm } from './network-form.ts';

interface NetworkFieldsProps {
  readonly form: NetworkForm;
  /** What is wrong with each, by its path. */
  readonly fields: Readonly<Record<string, string>>;
  readonly onChange: (part: Partial<NetworkForm>) => void;
}

/** Where it is reached, by which names, and from which web pages. */
export const ReachFields = ({
  choices,
  form,
  fields,
  onChange,
}: NetworkFieldsProps & { readonly choices: NetworkChoices }) => (
  <>
    {choices.addresses.length === 0 ? (
      <p className={classes.warning}>▲ This machine has no address on a network.</p>
    ) : (
      <Checkbox.Group
        label="Addresses of this machine"
        description="It is reached at those you choose, and at no other"
        error={listProblem(fields, 'addresses')}
        value={[...form.addresses]}
        onChange={(addresses) => onChange({ addresses })}
      >
        <div className={classes.choices}>
          {choices.addresses.map(({ address, interfaceName }) => (
            <Checkbox key={address} value={address} label={`${address} (${interfaceName})`} />
          ))}
        </div>
      </Checkbox.Group>
    )}
    <TagsInput
      label="Names by which clients call it"
      description="Besides the addresses; any other name is refused"
      placeholder={form.hosts.length === 0 ? `${choices.hostName}.local` : ''}
      data={[choices.hostName, `${choices.hostName}.local`]}
      value={[...form.hosts]}
      onChange={(hosts) => onChange({ hosts })}
      error={listProblem(fields, 'hosts')}
    />
    <TagsInput
      label="Web pages that may call it"
      description="Programs need none of this"
      placeholder={form.origins.length === 0 ? 'https://app.example' : ''}
      value={[...form.origins]}
      onChange={(origins) => onChange({ origins })}
      error={listProblem(fields, 'origins')}
    />
  </>
);

const tlsWords: Readonly<Record<NetworkForm['tls'], string>> = {
  selfSigned: 'A certificate this machine makes for itself',
  files: 'Certificate files of mine',
  none: 'None: keys and prompts travel in clear',
};

const tlsNotes: Readonly<Record<NetworkForm['tls'], string>> = {
  selfSigned: 'Clients are given its file; its fingerprint is shown when the server is open.',
  files: 'PEM files on this machine; the key without a passphrase.',
  none: 'Whoever is on the way can read everything and use the keys. For a network that you alone are in.',
};

/** How what is said is kept from those on the way. */
export const EncryptionFields = ({ form, fields, onChange }: NetworkFieldsProps) => (
  <>
    <Select
      label="Encryption"
      description={tlsNotes[form.tls]}
      data={tlsTypes.map((type) => ({ value: type, label: tlsWords[type] }))}
      value={form.tls}
      allowDeselect={false}
      onChange={(value) => {
        const tls = tlsTypes.find((type) => type === value);
        if (tls !== undefined) onChange({ tls });
      }}
    />
    {form.tls === 'files' ? (
      <div className={classes.two}>
        <TextInput
          label="Certificate"
          placeholder="/path/to/cert.pem"
          value={form.certPath}
          error={fields['tls.certPath']}
          onChange={(event) => onChange({ certPath: event.currentTarget.value })}
        />
        <TextInput
          label="Private key"
          placeholder="/path/to/key.pem"
          value={form.keyPath}
          error={fields['tls.keyPath']}
          onChange={(event) => onChange({ keyPath: event.currentTarget.value })}
        />
      </div>
    ) : null}
  </>
);
