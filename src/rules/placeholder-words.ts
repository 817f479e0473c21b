import { latin1, utf8Bytes } from '../text/index.ts';

// How a word counts matters more than the list: a word that may stand anywhere inside a value is long and unambiguous, or
// it would hide random strings that contain it by chance, and real secrets to which somebody added "test".

/** Lower case, without separators or signs of patterns: one of them anywhere in a value makes it an example. */
export const insideWords: readonly string[] = words(`
  example placeholder changeme changeit changethis replaceme replacethis replacewith redacted dummy notreal notasecret
  notsecret insertyour insertkey inserttoken enteryour yourpassword yourpasswd yoursecret yourtoken yourkey yourapikey
  yourapi youraccess yourclient yourown mysupersecret supersecret sampletoken samplekey samplesecret fakekey fakesecret
  faketoken fakepassword testpassword testsecret testtoken mypassword mysecret donotuse loremipsum foobar deadbeef
  cafebabe badc0ffee 0123456789 1234567890 qwerty asdfgh zxcvbn 1qaz2wsx qazwsx azerty qwertz hunter2 correcthorse
  letmein p@ssw0rd passw0rd keyboardcat shhhh somesecret somepassword sometoken dataomitted sensitivevalue masked
  filtered obfuscated thisisnot thisisa invalidtoken invalidkey`);

/** Stands for "put yours here": as one of a value's words it makes a worded value an example. */
export const standInWords: ReadonlySet<string> = new Set(
  words(`
  test tests testing fake mock mocked demo sample default invalid null none nil undefined unset empty todo fixme tbd
  here your my some foo bar baz qux stub placeholder insert enter replace change set fill add put example dummy
  beispiel geheim ejemplo clave cambiar exemplo senha alterar exemple changer esempio cambiami przyklad haslo
  passwort kennwort contrasena motdepasse parola mdp tmp temp
  geändert ändern contraseña hasło przykład пример пароль 示例 密码 密碼 口令 パスワード 비밀번호 비번 암호 패스워드 변경`),
);

/** Names of things rather than things: a value of these alone says nothing; with digits it is a weak password. */
export const plainWords: ReadonlySet<string> = new Set(
  words(`
  admin user username root guest secret secrets password passwd pass pwd passphrase token tokens key keys apikey api
  value string text data name id local dev stage staging the a an this that is in for of to from with and or not be
  auth access client private public app application service account bearer basic login test new old db database host
  env variable var config credential credentials webhook url site web server real long random strong secure`),
);

/** Values of configuration, types and algorithms: alone they are no secret. */
export const wholeWords: ReadonlySet<string> = new Set(
  words(`
  true false yes no on off auto required optional hidden disabled enabled public private basic bearer oauth oauth2 jwt
  plain md5 sha1 sha256 sha512 bcrypt scrypt argon2 hmac utf8 utf-8 json xml yaml base64 int str bool boolean string
  object any number uuid function lambda file env stdin prompt ask none n/a ? - null nil undefined never unknown
  password passwords secret token key keys self this void char text varchar always manual`),
);

function words(list: string): readonly string[] {
  // Values are judged as Latin-1, one character a byte; words beyond ASCII are spelled the way their UTF-8 bytes read so.
  return list
    .trim()
    .split(/\s+/)
    .map((word) => latin1(utf8Bytes(word)));
}
