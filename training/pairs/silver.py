"""Pairs from what the patterns already see: events of free news text (current events and Wikinews, train halves)."""
import json,re,collections
TYPES=set("AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE COERCE ASSAULT".split())
COOP={"CONSULT","SUPPORT","COOPERATE","AID","CONCEDE","RETREAT"}; HOST={"PROTEST","MOBILIZE","SANCTION","COERCE","ASSAULT"}
out=open('silver_pairs.jsonl','w'); n=collections.Counter(); text=None
def words_of(b):
    return [(m.group(),m.start(),m.end()) for m in re.finditer(r"\w+(?:[-']\w+)*|[^\w\s]",b)]
for line in open('silver_out.jsonl'):
    try: r=json.loads(line)
    except Exception: break
    if r['kind']=='document': text=r['clean_text']; raw=text.encode(); continue
    if r['kind']!='event' or not any('pattern' in g for g in r['grounds']): continue
    if r['modality'] not in('asserted','planned'): continue
    t=r['type']; fut=r['modality']=='planned' or r.get('tense')=='future'; neg=r['polarity']=='negative'
    if neg and t in COOP|{"AGREE"}: t='REJECT'
    elif neg: continue
    elif fut and t in COOP: t='AGREE'
    elif fut and t in HOST: t='THREATEN'
    a=[x for x in r.get('actors',[]) if 'start' in x]; b=[x for x in r.get('recipients',[]) if 'start' in x]
    if not b and len(a)>=2: a,b=a[:1],a[1:2]
    if not a or not b: continue
    s,tt=a[0],b[0]; trig=[e for e in r['evidence'] if e['role']=='trigger'][0]
    # the sentence around the trigger
    lo=max(raw.rfind(b'. ',0,trig['start'])+2 if raw.rfind(b'. ',0,trig['start'])>=0 else 0, raw.rfind(b'\n',0,trig['start'])+1)
    ends=[e for e in (raw.find(b'. ',trig['end']),raw.find(b'\n',trig['end'])) if e>=0]; hi=min(ends)+1 if ends else len(raw)
    if not(lo<=s['start'] and s['end']<=hi and lo<=tt['start'] and tt['end']<=hi) or hi-lo>600: continue
    if s['start']<tt['end'] and tt['start']<s['end']: continue
    sent=raw[lo:hi].decode('utf8','ignore'); ch=lambda x: len(raw[lo:x].decode('utf8','ignore'))
    ws=words_of(sent)
    def tok(x):
        a0,b0=ch(x['start']),ch(x['end']); ids=[i for i,(w,p,q) in enumerate(ws) if p<b0 and q>a0]
        return [ids[0],ids[-1]+1] if ids else None
    S,T=tok(s),tok(tt)
    if S and T:
        n[t]+=1; out.write(json.dumps({"words":[w for w,_,_ in ws],"pairs":[{"source":S,"target":T,"type":t}],"held":False})+"\n")
print(n,sum(n.values()))
