/** An address as it may stand in argv and reports, and what had to be taken out of it. */
export interface RemoteUrl {
  /** Without password; for http(s) without user and query too, since hosts take tokens there. */
  readonly url: string;
  readonly user: string | null;
  /** Secret: only for an askpass pipe. */
  readonly password: string | null;
  /** A password or a token stood in the address. */
  readonly hasSecret: boolean;
}

const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)([\s\S]*)$/;

/**
 * Takes user, password and query out of an address. Total: an address without a scheme (a path, `host:path`) comes back
 * as it is, but for a password before `@`. Never throws, since an error of URL quotes its input.
 */
export const splitRemoteUrl = (address: string): RemoteUrl => {
  const match = scheme.exec(address);
  if (match === null) return splitScp(address);
  const [, protocol = '', authority = '', path = '', query = ''] = match;
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  const people = at === -1 ? '' : authority.slice(0, at);
  const colon = people.indexOf(':');
  const user = at === -1 ? null : decode(colon === -1 ? people : people.slice(0, colon));
  const password = colon === -1 ? null : decode(people.slice(colon + 1));
  const isHttp = /^https?$/i.test(protocol);
  const shown = isHttp || at === -1 ? '' : `${colon === -1 ? people : people.slice(0, colon)}@`;
  const rest = isHttp ? path : path + query;
  const hasSecret = password !== null || (isHttp && (user !== null || query.length > 1));
  return { url: `${protocol}://${shown}${host}${rest}`, user, password, hasSecret };
};

const splitScp = (address: string): RemoteUrl => {
  const match = /^([^/:@]+):([^/@]*)@([\s\S]*)$/.exec(address);
  if (match === null) return { url: address, user: null, password: null, hasSecret: false };
  const [, user = '', password = '', rest = ''] = match;
  return { url: `${user}@${rest}`, user, password, hasSecret: true };
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
