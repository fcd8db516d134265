const digits = (count: number) => `[0-9]{${count}}`;
const date = `${digits(4)} "-" ( "0" [1-9] | "1" [0-2] ) "-" ( "0" [1-9] | [1-2] [0-9] | "3" [0-1] )`;
const time = `( [01] [0-9] | "2" [0-3] ) ":" [0-5] [0-9] ":" [0-5] [0-9] ( "." [0-9]{1,9} )? ( "Z" | [+-] [0-2] [0-9] ":" [0-5] [0-9] )`;
const hex = (count: number) => `[0-9a-fA-F]{${count}}`;
const octet = '( "25" [0-5] | "2" [0-4] [0-9] | "1" [0-9]{2} | [1-9]? [0-9] )';
/** RFC 1123 labels, the last of them in letters; two at least, as addresses on the network have. */
const hostname = '( [a-z0-9] ( [a-z0-9-]{0,30} [a-z0-9] )? "." ){1,4} [a-z]{2,12}';
const unit = (name: string) => `( [0-9]{1,4} "${name}" )`;

/**
 * Formats of JSON Schema 2020-12 as GBNF of what stands between the quotes: for each a subset of what the format allows,
 * and always valid (ISO 8601 and RFC 3339 for times, RFC 5321's unquoted form for e-mail, RFC 4291's full form for IPv6).
 */
export const stringFormats: Readonly<Record<string, string>> = {
  date,
  time,
  'date-time': `${date} "T" ${time}`,
  duration: `"P" ( ${unit('D')} | ${unit('D')}? "T" ( ${unit('H')} ${unit('M')}? | ${unit('M')} ${unit('S')}? | ${unit('S')} ) )`,
  uuid: [8, 4, 4, 4, 12].map(hex).join(' "-" '),
  hostname,
  email: `[a-zA-Z0-9]{1,20} ( [._+-] [a-zA-Z0-9]{1,20} ){0,2} "@" ${hostname}`,
  ipv4: Array.from({ length: 4 }, () => octet).join(' "." '),
  ipv6: Array.from({ length: 8 }, () => '[0-9a-fA-F]{1,4}').join(' ":" '),
};
