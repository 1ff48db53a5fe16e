PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    data TEXT NOT NULL CHECK (json_valid(data)),
    prev TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE
);
INSERT INTO "events" VALUES(1,'2026-11-20T08:00:00Z','hr','person.recorded','A1001','{"hired_on":"2024-01-15","name":"陈晓敏"}','0000000000000000000000000000000000000000000000000000000000000000','2418ad78267900e3866e8ddc994cdb1f3e3a9d1d3e292951ae497f7373933f89');
INSERT INTO "events" VALUES(2,'2026-11-20T08:00:00Z','office','sitting.scheduled','TL-1','{"cut_practical_percent":60,"forms":{"TL-1-F1":{"cut":6.4,"digest":"d"}},"level":2,"purpose":"demonstration"}','2418ad78267900e3866e8ddc994cdb1f3e3a9d1d3e292951ae497f7373933f89','adaa7831324f850f2a1af2866f70be81805612cedf786971569946806158e5af');
INSERT INTO "events" VALUES(3,'2026-11-20T08:00:00Z','office','seat.assigned','TL-1-01','{"extra_min":5,"form":"TL-1-F1","person":"A1001","sitting":"TL-1"}','adaa7831324f850f2a1af2866f70be81805612cedf786971569946806158e5af','c7a29b7808f850d01759e90817b240ab2788c7952959de96bf5ae2246a24ccf3');
INSERT INTO "events" VALUES(4,'2026-11-20T08:00:00Z','office','decision.proposed','TL-1-01','{"level":2,"outcome":"pass","person":"A1001","sitting":"TL-1","written_points":7.5}','c7a29b7808f850d01759e90817b240ab2788c7952959de96bf5ae2246a24ccf3','4e88a9516927ebfc90fa1bbedc3a29771e7a59243dd8ba946fcfc8111ddcc657');
INSERT INTO "events" VALUES(5,'2026-11-20T08:00:00Z','second','decision.confirmed','TL-1-01','{"outcome":"pass"}','4e88a9516927ebfc90fa1bbedc3a29771e7a59243dd8ba946fcfc8111ddcc657','6ac0b7e36c37368d637a449342f905cecc7c67ab6f5ed4a2f72d76be1ea3a5d5');
INSERT INTO "events" VALUES(6,'2026-11-20T08:00:00Z','office','certificate.issued','L2-202611-00000001','{"level":2,"person":"A1001","purpose":"demonstration","seat":"TL-1-01"}','6ac0b7e36c37368d637a449342f905cecc7c67ab6f5ed4a2f72d76be1ea3a5d5','72524a05ffb1b79f46d92b02407ae95d4de138f503fee11c0f16baf9eb09bcd4');
CREATE INDEX events_kind_subject ON events (kind, subject, seq);
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'an event of the registry is never changed'); END;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'an event of the registry is never deleted'); END;
CREATE VIEW people AS
SELECT e.subject AS person, json_extract(e.data, '$.name') AS name, json_extract(e.data, '$.email') AS email, json_extract(e.data, '$.site') AS site, json_extract(e.data, '$.team') AS team, json_extract(e.data, '$.role') AS role, json_extract(e.data, '$.manager') AS manager, json_extract(e.data, '$.hired_on') AS hired_on, json_extract(e.data, '$.language') AS language FROM events e
WHERE e.kind = 'person.recorded'
  AND e.seq = (SELECT max(seq) FROM events n WHERE n.kind = e.kind AND n.subject = e.subject);
CREATE VIEW sittings AS
SELECT e.subject AS sitting, json_extract(e.data, '$.level') AS level, json_extract(e.data, '$.purpose') AS purpose, json_extract(e.data, '$.title_en') AS title_en, json_extract(e.data, '$.title_zh') AS title_zh, json_extract(e.data, '$.opens_at') AS opens_at, json_extract(e.data, '$.closes_at') AS closes_at, json_extract(e.data, '$.minutes') AS minutes, coalesce((SELECT replace(l.kind, 'sitting.', '') FROM events l
    WHERE l.subject = e.subject AND l.kind IN ('sitting.opened', 'sitting.closed', 'sitting.marked', 'sitting.decided')
    ORDER BY l.seq DESC LIMIT 1), 'scheduled') AS state, json_extract(e.data, '$.forms') AS forms, json_extract(e.data, '$.cut_practical_percent') AS cut_practical_percent, json_extract(e.data, '$.cut_method') AS cut_method, json_extract(e.data, '$.scheme') AS scheme, json_extract(e.data, '$.framework') AS framework FROM events e
WHERE e.kind = 'sitting.scheduled'
  AND e.seq = (SELECT max(seq) FROM events n WHERE n.kind = e.kind AND n.subject = e.subject);
CREATE VIEW seats AS
SELECT e.subject AS seat, json_extract(e.data, '$.sitting') AS sitting, json_extract(e.data, '$.person') AS person, json_extract(e.data, '$.form') AS form, json_extract(e.data, '$.form_digest') AS form_digest, json_extract(e.data, '$.language') AS language, json_extract(e.data, '$.minutes') AS minutes, coalesce(json_extract(e.data, '$.extra_min'), 0) + coalesce((SELECT sum(json_extract(l.data, '$.extra_min'))
    FROM events l WHERE l.kind = 'seat.extra-time' AND l.subject = e.subject), 0) AS extra_min, (SELECT json_extract(l.data, '$.at') FROM events l WHERE l.kind = 'seat.handed-in' AND l.subject = e.subject ORDER BY l.seq DESC LIMIT 1) AS handed_in_at, (SELECT json_extract(l.data, '$.how') FROM events l WHERE l.kind = 'seat.handed-in' AND l.subject = e.subject ORDER BY l.seq DESC LIMIT 1) AS handed_in_how, (SELECT json_extract(l.data, '$.digest') FROM events l WHERE l.kind = 'seat.handed-in' AND l.subject = e.subject ORDER BY l.seq DESC LIMIT 1) AS receipt FROM events e
WHERE e.kind = 'seat.assigned'
  AND e.seq = (SELECT max(seq) FROM events n WHERE n.kind = e.kind AND n.subject = e.subject);
CREATE VIEW marks AS
SELECT e.subject AS mark, json_extract(e.data, '$.seat') AS seat, json_extract(e.data, '$.slot') AS slot, json_extract(e.data, '$.item') AS item, json_extract(e.data, '$.item_version') AS item_version, json_extract(e.data, '$.statement') AS statement, json_extract(e.data, '$.points') AS points, json_extract(e.data, '$.max_points') AS max_points, e.by AS marker, e.at AS at, json_extract(e.data, '$.note') AS note FROM events e
WHERE e.kind = 'mark.given'
  AND e.seq = (SELECT max(seq) FROM events n WHERE n.kind = e.kind AND n.subject = e.subject);
CREATE VIEW decisions AS
SELECT e.subject AS seat, json_extract(e.data, '$.person') AS person, json_extract(e.data, '$.sitting') AS sitting, json_extract(e.data, '$.level') AS level, json_extract(e.data, '$.outcome') AS outcome, e.by AS proposed_by, (SELECT l.by FROM events l WHERE l.kind = 'decision.confirmed' AND l.subject = e.subject AND l.seq > e.seq ORDER BY l.seq DESC LIMIT 1) AS confirmed_by, (SELECT l.at FROM events l WHERE l.kind = 'decision.confirmed' AND l.subject = e.subject AND l.seq > e.seq ORDER BY l.seq DESC LIMIT 1) AS confirmed_at, json_extract(e.data, '$.written_points') AS written_points, json_extract(e.data, '$.written_max') AS written_max, json_extract(e.data, '$.written_cut') AS written_cut, json_extract(e.data, '$.practical_points') AS practical_points, json_extract(e.data, '$.practical_max') AS practical_max, json_extract(e.data, '$.practical_cut') AS practical_cut, json_extract(e.data, '$.domains') AS domains, json_extract(e.data, '$.reasons') AS reasons FROM events e
WHERE e.kind = 'decision.proposed'
  AND e.seq = (SELECT max(seq) FROM events n WHERE n.kind = e.kind AND n.subject = e.subject);
CREATE VIEW certificates AS
SELECT e.subject AS number, json_extract(e.data, '$.person') AS person, json_extract(e.data, '$.level') AS level, json_extract(e.data, '$.seat') AS seat, json_extract(e.data, '$.purpose') AS purpose, json_extract(e.data, '$.issued_on') AS issued_on, json_extract(e.data, '$.valid_until') AS valid_until, coalesce((SELECT replace(l.kind, 'certificate.', '') FROM events l WHERE l.subject = e.subject
    AND l.kind IN ('certificate.active', 'certificate.suspended', 'certificate.withdrawn')
    ORDER BY l.seq DESC LIMIT 1), 'active') AS state, json_extract(e.data, '$.digest') AS digest FROM events e
WHERE e.kind = 'certificate.issued'
  AND e.seq = (SELECT max(seq) FROM events n WHERE n.kind = e.kind AND n.subject = e.subject);
COMMIT;
