CREATE TABLE customers (
  id INTEGER PRIMARY KEY,
  kundenr INTEGER NOT NULL UNIQUE,
  kundetype TEXT NOT NULL,
  navn TEXT NOT NULL,
  fornavn TEXT NOT NULL,
  etternavn TEXT NOT NULL,
  firma TEXT,
  orgnr TEXT,
  epost TEXT NOT NULL,
  mobil TEXT,
  fdato TEXT,
  kjonn TEXT,
  sprak TEXT NOT NULL,
  felt17 TEXT,
  felt18 TEXT,
  kundegruppe INTEGER NOT NULL,
  kredittgrense REAL,
  begrenset INTEGER NOT NULL DEFAULT 0,
  reservert INTEGER NOT NULL DEFAULT 0,
  opprettet TEXT NOT NULL
);
CREATE TABLE addresses (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  type TEXT NOT NULL,
  mottaker TEXT NOT NULL,
  adresse TEXT NOT NULL,
  adresse2 TEXT,
  postnr TEXT NOT NULL,
  poststed TEXT NOT NULL,
  land TEXT NOT NULL
);
CREATE TABLE products (
  id INTEGER PRIMARY KEY,
  sku TEXT NOT NULL UNIQUE,
  varenr INTEGER NOT NULL,
  navn TEXT NOT NULL,
  merke TEXT NOT NULL,
  kategori TEXT NOT NULL,
  sesong INTEGER NOT NULL,
  ean TEXT NOT NULL,
  pris REAL NOT NULL,
  lager INTEGER NOT NULL,
  beskrivelse TEXT NOT NULL,
  utgar TEXT
);
CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  order_no INTEGER NOT NULL UNIQUE,
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  billing_address_id INTEGER NOT NULL REFERENCES addresses (id),
  shipping_address_id INTEGER REFERENCES addresses (id),
  created_at TEXT NOT NULL,
  status TEXT NOT NULL,
  total_amount REAL NOT NULL,
  mva REAL NOT NULL,
  currency TEXT NOT NULL,
  payment_method TEXT NOT NULL,
  comment TEXT
);
CREATE TABLE order_lines (
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES orders (id),
  product_id INTEGER NOT NULL REFERENCES products (id),
  antall INTEGER NOT NULL,
  pris REAL NOT NULL,
  gravering TEXT
);
CREATE TABLE invoices (
  id INTEGER PRIMARY KEY,
  invoice_no INTEGER NOT NULL UNIQUE,
  order_id INTEGER NOT NULL REFERENCES orders (id),
  kid TEXT NOT NULL,
  belop REAL NOT NULL,
  issued_at TEXT NOT NULL,
  forfall TEXT NOT NULL,
  betalt TEXT
);
CREATE TABLE web_sessions (
  session_id TEXT PRIMARY KEY,
  kunde INTEGER,
  ip TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  "_ga" TEXT,
  "_fbp" TEXT,
  started_at TEXT NOT NULL,
  sidevisninger INTEGER NOT NULL,
  landingsside TEXT NOT NULL
);
CREATE TABLE carts (
  id INTEGER PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES web_sessions (session_id),
  customer_id INTEGER REFERENCES customers (id),
  payload TEXT NOT NULL,
  updated_at TEXT NOT NULL
);
CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL UNIQUE REFERENCES customers (id),
  brukernavn TEXT NOT NULL,
  passord_hash TEXT NOT NULL,
  api_token TEXT,
  sist_innlogget TEXT,
  aktiv INTEGER NOT NULL
);
CREATE TABLE newsletter_consents (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER REFERENCES customers (id),
  epost TEXT NOT NULL,
  samtykke INTEGER NOT NULL,
  samtykke_dato TEXT NOT NULL,
  trukket_dato TEXT,
  kilde TEXT NOT NULL
);
CREATE TABLE marketing_objections (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  kanal TEXT NOT NULL,
  reservert_dato TEXT NOT NULL
);
CREATE TABLE customer_meta (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  meta_key TEXT NOT NULL,
  meta_value TEXT
);
CREATE TABLE reviews (
  id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL REFERENCES products (id),
  customer_id INTEGER REFERENCES customers (id),
  nickname TEXT NOT NULL,
  rating INTEGER NOT NULL,
  tekst TEXT NOT NULL,
  created_at TEXT NOT NULL
);
CREATE TABLE support_notes (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER REFERENCES customers (id),
  kanal TEXT NOT NULL,
  sprak TEXT NOT NULL,
  emne TEXT NOT NULL,
  melding TEXT NOT NULL,
  saksbehandler TEXT NOT NULL,
  created_at TEXT NOT NULL
);
CREATE TABLE employees (
  ansattnr INTEGER PRIMARY KEY,
  fnr INTEGER NOT NULL,
  fornavn TEXT NOT NULL,
  etternavn TEXT NOT NULL,
  epost TEXT NOT NULL,
  mobil TEXT NOT NULL,
  stilling TEXT NOT NULL,
  avdeling TEXT NOT NULL,
  fagforening INTEGER NOT NULL,
  ansatt_dato TEXT NOT NULL,
  leder INTEGER REFERENCES employees (ansattnr)
);
CREATE TABLE payroll (
  id INTEGER PRIMARY KEY,
  ansattnr INTEGER NOT NULL REFERENCES employees (ansattnr),
  fodselsnummer TEXT NOT NULL,
  kontonr TEXT NOT NULL,
  manedslonn INTEGER NOT NULL,
  skattetrekk REAL NOT NULL,
  periode TEXT NOT NULL
);
CREATE TABLE suppliers (
  id INTEGER PRIMARY KEY,
  navn TEXT NOT NULL,
  orgnr TEXT NOT NULL,
  epost TEXT NOT NULL,
  telefon TEXT NOT NULL,
  bankkonto TEXT NOT NULL,
  kontaktperson TEXT NOT NULL,
  kontakt_epost TEXT NOT NULL,
  leveringstid_dager INTEGER NOT NULL
);
CREATE TABLE tomter (
  id INTEGER PRIMARY KEY,
  kommunenr TEXT NOT NULL,
  gnr INTEGER NOT NULL,
  bnr INTEGER NOT NULL,
  fnr INTEGER NOT NULL,
  snr INTEGER NOT NULL,
  areal_m2 REAL NOT NULL
);
CREATE TABLE products_stats (
  product_id INTEGER NOT NULL REFERENCES products (id),
  ar INTEGER NOT NULL,
  uke INTEGER NOT NULL,
  visninger INTEGER NOT NULL,
  endring REAL NOT NULL,
  margin_ore INTEGER NOT NULL,
  PRIMARY KEY (product_id, ar, uke)
);
CREATE TABLE kontoplan (
  konto INTEGER PRIMARY KEY,
  navn TEXT NOT NULL,
  mva_kode INTEGER NOT NULL
);
CREATE TABLE butikker (
  id INTEGER PRIMARY KEY,
  navn TEXT NOT NULL,
  apnet INTEGER NOT NULL
);
CREATE TABLE gavekort_utkast (
  id INTEGER PRIMARY KEY,
  serie TEXT,
  verdi REAL,
  utloper TEXT
);
