-- Scripts without spaces between words (Chinese, Japanese, Thai …) are searched letter by letter, through the same index as all other words:
-- the index of trigrams needs three letters, and most Chinese words have two.

-- A text as its words are read: marks become spaces, a letter of such a script stands alone, and what only guides the printing
-- (soft hyphens, marks of direction) is not there.
create function deltascope_spaced(content text) returns text language sql immutable parallel safe as $$
  select regexp_replace(
    translate(content, $m$!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~$m$ || U&'\00AD\200B\200E\200F\202A\202B\202C\202D\202E\2060\2066\2067\2068\2069\FEFF', repeat(' ', 32)),
    '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff])',
    ' \1 ', 'g')
$$;

-- The words of a text in lower case with one space around each: where one text stands in another, word by word.
create function deltascope_plain(content text) returns text language sql immutable parallel safe as $$
  select ' ' || btrim(lower(regexp_replace(deltascope_spaced(content), '[^[:alnum:]]+', ' ', 'g'))) || ' '
$$;

create or replace function deltascope_words(content text) returns tsvector language sql immutable parallel safe as $$
  select to_tsvector('simple'::regconfig, deltascope_spaced(content))
$$;

create or replace function deltascope_phrase(wanted text) returns tsquery language sql immutable parallel safe as $$
  select phraseto_tsquery('simple'::regconfig, deltascope_spaced(wanted))
$$;

drop index if exists search_text_letters_idx;

-- Texts as they are written from now on: letters composed, and read by the functions above. Plain ASCII is as it was.
update search_text set content = normalize(content), words = deltascope_words(normalize(content)) where content ~ '[^[:ascii:]]';

-- What was still growing when its session ended.
insert into search_text (session_id, source, id, seq, content, words)
  select i.session_id, 'text', i.id, i.first_seq, t.content, deltascope_words(t.content)
  from item i join session s on s.id = i.session_id and s.status <> 'open'
  cross join lateral (select normalize(left(i.text, 60000)) as content) t
  where i.text <> '' and not exists (select from search_text x where x.session_id = i.session_id and x.source = 'text' and x.id = i.id);
