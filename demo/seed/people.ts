export interface Person {
	name: string;
	address: string;
}

/** Whose account it is. */
export const OWNER: Person = { name: 'Anna Müller', address: 'anna@mueller-soehne.example' };

/** Of many scripts, since their names stand in headers. */
export const PEOPLE: readonly Person[] = [
	{ name: 'Jürgen Groß', address: 'j.gross@papier-gross.example' },
	{ name: 'Siobhán Ní Bhriain', address: 'siobhan@nibhriain.example' },
	{ name: 'Łukasz Żółkiewski', address: 'lukasz@drukarnia.example' },
	{ name: 'François Lefèvre', address: 'francois.lefevre@reliure.example' },
	{ name: 'Ελένη Παπαδοπούλου', address: 'eleni@vivlio.example' },
	{ name: '田中 由美', address: 'tanaka@washi.example' },
	{ name: "Rory O'Neill", address: 'rory@oneill.example' },
	{ name: 'Pereira, Inês (Einkauf)', address: 'ines.pereira@biblioteca.example' },
	{ name: 'Dr. Ada "Lin" Lindqvist', address: 'ada.lindqvist@museum.example' },
	{ name: '', address: 'buero@stadtarchiv.example' },
	{ name: 'Ольга Иванова', address: 'olga@pereplet.example' },
	{ name: 'Sam Taylor', address: 'sam.taylor@letterpress.example' },
];

export const SHOPS: readonly Person[] = [
	{ name: 'Papierhaus Köln', address: 'rechnung@papierhaus.example' },
	{ name: 'Northern Leather Co.', address: 'billing@northern-leather.example' },
	{ name: 'Werkzeug & Mehr', address: 'shop@werkzeug-mehr.example' },
	{ name: 'Hosting Coop', address: 'invoices@hosting-coop.example' },
];

export const NEWSLETTERS: readonly Person[] = [
	{ name: 'Bookbinders’ Weekly', address: 'news@bookbinders-weekly.example' },
	{ name: 'Museumsverein Nürnberg', address: 'newsletter@museumsverein.example' },
	{ name: 'Papier & Farbe', address: 'news@papier-farbe.example' },
];

export const MACHINES: readonly Person[] = [
	{ name: 'Backup', address: 'backup@nas.mueller-soehne.example' },
	{ name: 'Parcel Tracker', address: 'no-reply@parcels.example' },
	{ name: 'Calendar', address: 'calendar@mueller-soehne.example' },
];

/** `.invalid`, as such senders mostly are. */
export const SPAMMERS: readonly Person[] = [
	{ name: 'Your Bank', address: 'security@bank-alerts.invalid' },
	{ name: '★ WINNER ★', address: 'prize@lottery.invalid' },
	{ name: 'Müller Anna', address: 'anna.mueller@look-alike.invalid' },
	{ name: 'Dr. Prince', address: 'prince@inheritance.invalid' },
	{ name: 'Cheap Watches', address: 'sale@watches.invalid' },
];
